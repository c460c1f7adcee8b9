#include "cli/show_options.h"

#include <charconv>
#include <ostream>
#include <system_error>

#include <fmt/format.h>

#include "cli/json.h"
#include "cli/report.h"
#include "cli/values.h"
#include "cli/watch.h"

namespace hpvmnet::cli {
namespace {

constexpr double kShortestSeconds = 0.1;
constexpr double kLongestSeconds = 86400;
constexpr std::string_view kClear = "\033[H\033[2J";  // cursor to the corner, screen empty

}  // namespace

std::string Style::json_of(const google::protobuf::Message& message) const {
  return watching ? json_line(message) : json_text(message);
}

void ShowOptions::add_to(CommandLine& line) {
  line.flag("--json", json_,
            "As JSON, in the terms of the contract; with --watch a line each time");
  line.optional_value("--watch", watch_, "SECONDS", "2",
                      "Show it again and again, every 2 seconds or as often as you say, until "
                      "Ctrl-C");
  line.value("--color", color_, "auto|always|never",
             "Colours: on a terminal (auto; not where $NO_COLOR is set), always or never");
}

Result<std::optional<std::chrono::milliseconds>> ShowOptions::interval() const {
  if (!watch_) return std::nullopt;
  double seconds = 0;
  const char* const end = watch_->data() + watch_->size();
  const auto [stopped, error] = std::from_chars(watch_->data(), end, seconds);
  if (error != std::errc{} || stopped != end ||
      !(seconds >= kShortestSeconds && seconds <= kLongestSeconds)) {
    return wrong_usage(fmt::format("--watch {} is no time in seconds; {} to {}", shown(*watch_),
                                   kShortestSeconds, kLongestSeconds));
  }
  return std::chrono::ceil<std::chrono::milliseconds>(std::chrono::duration<double>(seconds));
}

Result<bool> ShowOptions::colours(const Terminal& terminal) const {
  const std::string wanted = color_.value_or("auto");
  if (wanted == "auto") return terminal.screen().colours;
  if (wanted == "always" || wanted == "never") return wanted == "always";
  return wrong_usage(fmt::format("--color {}: write auto, always or never", shown(wanted)));
}

int ShowOptions::show(const CommandLine& line, Terminal& terminal, const View& view) const {
  const auto interval = this->interval();
  if (!interval) return report(terminal, interval.error());
  const auto colours = this->colours(terminal);
  if (!colours) return report(terminal, colours.error());
  Style style{.json = json_,
              .watching = interval->has_value(),
              .layout = {.width = terminal.screen().width(), .colours = *colours}};
  if (*interval) return conclude(terminal, watch(line, terminal, style, view, **interval));
  return conclude(terminal, line.connect(Access::look)
                                .and_then([&](Client client) { return view(client, style); })
                                .map([&](const std::string& text) { terminal.out() << text; }));
}

Status ShowOptions::watch(const CommandLine& line, Terminal& terminal, Style style,
                          const View& view, std::chrono::milliseconds interval) const {
  const Watch watch(interval);
  auto client = line.connect(Access::look);
  if (!client) return tl::unexpected(client.error());
  do {
    style.layout.width = terminal.screen().width();
    const auto text = view(*client, style);
    if (!text) return tl::unexpected(text.error());
    if (terminal.screen().terminal && !style.json) terminal.out() << kClear;
    terminal.out() << *text << std::flush;
    if (!terminal.out()) {
      if (Watch::reader_gone()) terminal.out().clear();  // has seen enough: no failure
      return {};
    }
  } while (watch.wait());
  return {};
}

}  // namespace hpvmnet::cli
