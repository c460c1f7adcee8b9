#include "cli/top/top_text.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace hpvmnet::cli {
namespace {

using Order = TopView::Order;
using Style = TopLine::Style;

constexpr std::array kHelp{
    "Keys:",
    "",
    "  n  order by vswitch and port      i  by frames in     o  by frames out",
    "  d  by drops                       g  by guest",
    "  a  ports without a guest, too     /  only rows that contain what you type; Esc: all",
    "  up, down, page up, page down, home: other rows",
    "  space, p  pause                   ?, h  this help     q  quit",
    "",
    "Columns: IN is from the guest, OUT to it, in frames and bits a second. REASON is that of most",
    "drops. BURST is how many frames are taken at a time: 1 where there is little to do. BUSY is "
    "the",
    "share of the time in which the port's worker, or the busiest of them, moves frames.",
};

const char* name_of(Order order) {
  switch (order) {
    case Order::place:
      return "port";
    case Order::in:
      return "in";
    case Order::out:
      return "out";
    case Order::drops:
      return "drops";
    case Order::guest:
      return "guest";
  }
  return "";
}

std::string fit(std::string text, std::size_t width) {
  if (text.size() > width) text.resize(width);
  return text;
}

std::vector<const PortRates*> rows_of(const Rates& rates, const TopView& view) {
  std::vector<const PortRates*> rows;
  for (const PortRates& port : rates.ports) {
    const bool named = port.vswitch.find(view.filter) != std::string::npos ||
                       port.guest.find(view.filter) != std::string::npos;
    if (named && (view.all || port.active || port.drops > 0)) rows.push_back(&port);
  }
  const auto most = [&](double PortRates::*value) {
    std::ranges::stable_sort(rows, std::greater<>(),
                             [value](const PortRates* p) { return p->*value; });
  };
  if (view.order == Order::in) most(&PortRates::in_frames);
  if (view.order == Order::out) most(&PortRates::out_frames);
  if (view.order == Order::drops) most(&PortRates::drops);
  if (view.order == Order::guest) {
    std::ranges::stable_sort(rows, {}, [](const PortRates* p) { return p->guest; });
  }
  return rows;
}

// Widths of the columns of names, which grow with the names.
struct Widths {
  std::size_t vswitch = 8;
  std::size_t guest = 8;
  std::size_t adaptor = 8;

  explicit Widths(const std::vector<const PortRates*>& rows) {
    for (const PortRates* row : rows) {
      vswitch = std::clamp(row->vswitch.size(), vswitch, std::size_t{20});
      guest = std::clamp(row->guest.size(), guest, std::size_t{20});
      adaptor = std::clamp(row->adaptor.size(), adaptor, std::size_t{10});
    }
  }
};

std::string heading(const Widths& widths) {
  return fmt::format(
      "{:<{}} {:>4}  {:<{}} {:<{}} {:>6} {:>6}  {:>7} {:>6}  {:>6} {:<10} {:>5} {:>6} {:>5}",
      "VSWITCH", widths.vswitch, "PORT", "GUEST", widths.guest, "ADAPTOR", widths.adaptor, "IN f/s",
      "b/s", "OUT f/s", "b/s", "DROP/s", "REASON", "BURST", "WORKER", "BUSY");
}

std::string workers_text(const PortRates& port) {
  std::string text;
  for (const std::uint32_t worker : port.workers) {
    text += fmt::format("{}{}", text.empty() ? "" : ",", worker);
  }
  return text.empty() ? "-" : text;
}

std::string busy_text(const PortRates& port, const std::vector<WorkerRates>& workers) {
  double busy = -1;
  for (const std::uint32_t worker : port.workers) {
    if (worker < workers.size()) busy = std::max(busy, workers[worker].busy);
  }
  return busy < 0 ? "-" : fmt::format("{:.0f}%", 100 * busy);
}

std::string row_text(const PortRates& port, const Rates& rates, const Widths& widths) {
  const bool uplink = port.adaptor == "uplink";
  return fmt::format(
      "{:<{}} {:>4}  {:<{}} {:<{}} {:>6} {:>6}  {:>7} {:>6}  {:>6} {:<10} {:>5} {:>6} {:>5}",
      fit(port.vswitch, widths.vswitch), widths.vswitch,
      uplink ? "up" : std::to_string(port.number),
      fit(port.guest.empty() ? "-" : port.guest, widths.guest), widths.guest,
      fit(port.adaptor, widths.adaptor), widths.adaptor, short_number(port.in_frames),
      short_number(port.in_bits), short_number(port.out_frames), short_number(port.out_bits),
      short_number(port.drops), fit(port.reason.empty() ? "-" : port.reason, 10),
      port.burst > 0 ? fmt::format("{:.1f}", port.burst) : "-", workers_text(port),
      busy_text(port, rates.workers));
}

Style style_of(const PortRates& port) {
  if (port.drops > 0) return Style::alarm;
  return port.in_frames > 0 || port.out_frames > 0 ? Style::plain : Style::quiet;
}

std::string summary(const Rates& rates) {
  double frames = 0;
  double bits = 0;
  double drops = 0;
  for (const PortRates& port : rates.ports) {
    frames += port.in_frames;
    bits += port.in_bits;
    drops += port.drops;
  }
  const auto active = std::ranges::count_if(rates.ports, &PortRates::active);
  return fmt::format(
      "hpvmnet top   {} vswitches, {} ports, {} in use   {} frames/s   {}bit/s   {} drops/s",
      rates.vswitches, rates.ports.size(), active, short_number(frames), short_number(bits),
      short_number(drops));
}

std::string bar(double share, std::size_t width) {
  const auto full = static_cast<std::size_t>(std::lround(share * static_cast<double>(width)));
  return std::string(full, '|') + std::string(width - full, ' ');
}

// As many workers side by side as fit.
std::vector<std::string> worker_lines(const Rates& rates, std::size_t width) {
  std::size_t longest = 0;
  for (const WorkerRates& worker : rates.workers) longest = std::max(longest, worker.name.size());
  const std::size_t cell = longest + 32;
  const std::size_t columns = std::max<std::size_t>(1, (width + 3) / (cell + 3));
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < rates.workers.size(); ++i) {
    const WorkerRates& worker = rates.workers[i];
    if (i % columns == 0) lines.emplace_back();
    lines.back() += fmt::format("{}{:<{}} [{}] {:>5.1f}%", i % columns == 0 ? "" : "   ",
                                worker.name, longest, bar(worker.busy, 20), 100 * worker.busy);
  }
  return lines;
}

std::string status_line(const Rates& rates, const std::string& problem, const TopView& view,
                        std::size_t rows) {
  if (view.editing) return "only rows that contain: " + view.filter + "_";
  std::string line = fmt::format("{} rows by {}", rows, name_of(view.order));
  if (!view.filter.empty()) line += fmt::format(", only '{}'", view.filter);
  if (view.all) line += ", all ports";
  if (view.paused) line += "   PAUSED";
  if (rates.skipped > 0) line += fmt::format("   {} samples skipped", rates.skipped);
  if (!problem.empty()) line += "   " + problem;
  return line + "   (? help, q quit)";
}

}  // namespace

std::string short_number(double value) {
  if (value < 0.05) return "0";
  if (value < 9.95) return fmt::format("{:.1f}", value);
  if (value < 999.5) return fmt::format("{:.0f}", value);
  for (const char unit : {'k', 'M', 'G'}) {
    value /= 1000;
    if (value < 9.995) return fmt::format("{:.2f}{}", value, unit);
    if (value < 99.95) return fmt::format("{:.1f}{}", value, unit);
    if (value < 999.5) return fmt::format("{:.0f}{}", value, unit);
  }
  return fmt::format("{:.1f}T", value / 1000);
}

void press(TopView& view, int key, std::size_t page) {
  if (view.editing) {
    if (key == kKeyEnter) view.editing = false;
    if (key == kKeyEscape) view.filter.clear(), view.editing = false;
    if (key == kKeyErase && !view.filter.empty()) view.filter.pop_back();
    if (key >= ' ' && key < 127) view.filter += static_cast<char>(key);
    return;
  }
  const auto up = [&](std::size_t rows) { view.first -= std::min(view.first, rows); };
  if (view.help && key != 'q') {
    view.help = false;
    return;
  }
  switch (key) {
    case 'q':
      view.quit = true;
      break;
    case '?':
    case 'h':
      view.help = true;
      break;
    case ' ':
    case 'p':
      view.paused = !view.paused;
      break;
    case 'a':
      view.all = !view.all;
      break;
    case 'n':
      view.order = Order::place;
      break;
    case 'i':
      view.order = Order::in;
      break;
    case 'o':
      view.order = Order::out;
      break;
    case 'd':
      view.order = Order::drops;
      break;
    case 'g':
      view.order = Order::guest;
      break;
    case '/':
      view.editing = true;
      break;
    case kKeyEscape:
      view.filter.clear();
      break;
    case kKeyUp:
      up(1);
      break;
    case kKeyDown:
      ++view.first;
      break;
    case kKeyPageUp:
      up(page);
      break;
    case kKeyPageDown:
      view.first += page;
      break;
    case kKeyHome:
      view.first = 0;
      break;
    default:
      break;
  }
}

std::vector<TopLine> top_screen(const Rates& rates, const std::string& problem, TopView& view,
                                std::size_t width, std::size_t height) {
  const auto rows = rows_of(rates, view);
  const Widths widths(rows);
  std::vector<TopLine> lines{{summary(rates), Style::title}};
  for (std::string& line : worker_lines(rates, width)) lines.push_back({std::move(line)});
  lines.push_back({status_line(rates, problem, view, rows.size()),
                   problem.empty() && !view.paused ? Style::quiet : Style::alarm});
  if (view.help) {
    lines.push_back({""});
    for (const char* line : kHelp) lines.push_back({line});
  } else {
    lines.push_back({heading(widths), Style::heading});
    const std::size_t room = height > lines.size() ? height - lines.size() : 0;
    view.first = std::min(view.first, rows.size() > room ? rows.size() - room : 0);
    for (std::size_t i = view.first; i < rows.size() && i < view.first + room; ++i) {
      lines.push_back({row_text(*rows[i], rates, widths), style_of(*rows[i])});
    }
  }
  if (lines.size() > height) lines.resize(height);
  for (TopLine& line : lines) line.text = fit(std::move(line.text), width);
  return lines;
}

std::string top_batch(const Rates& rates, const TopView& view) {
  const auto rows = rows_of(rates, view);
  const Widths widths(rows);
  std::string text = summary(rates) + '\n';
  for (const WorkerRates& worker : rates.workers) {
    text += fmt::format("{}: {:.1f}% busy\n", worker.name, 100 * worker.busy);
  }
  if (rates.skipped > 0) text += fmt::format("{} samples skipped\n", rates.skipped);
  text += heading(widths) + '\n';
  for (const PortRates* row : rows) text += row_text(*row, rates, widths) + '\n';
  return text + '\n';
}

}  // namespace hpvmnet::cli
