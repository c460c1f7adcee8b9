#include <cmath>
#include <cstdlib>
#include <ostream>

#include <fmt/format.h>
#include <unistd.h>

#include "cli/command_line.h"
#include "cli/report.h"
#include "cli/subcommands/subcommands.h"
#include "cli/top/sampler.h"
#include "cli/top/screen.h"
#include "cli/top/top_text.h"
#include "cli/values.h"

namespace hpvmnet::cli {
namespace {

const HelpTexts& help() {
  static const HelpTexts texts{
      "Shows what passes the ports, live: frames, bits, drops, and how busy the workers are.",
      "  hpvmnet top [-S VSWITCH ...] [--interval S] [--batch [-N COUNT]] [--all]\n",
      "  hpvmnet top                         on the whole screen; ? shows the keys, q quits\n"
      "  hpvmnet top -S prod --interval 0.5\n"
      "  hpvmnet top --batch -N 1            once, as text; so it is where there is no terminal\n"};
  return texts;
}

struct Options {
  std::vector<std::string> vswitches;
  std::optional<std::string> interval;
  std::optional<std::string> count;
  bool batch = false;
  bool all = false;
};

Result<v1::WatchCountersRequest> request_of(const Options& options) {
  v1::WatchCountersRequest request;
  for (const std::string& name : options.vswitches) {
    const auto plain = plain_name("vswitch", name);
    if (!plain) return tl::unexpected(plain.error());
    request.add_vswitches(*plain);
  }
  if (!options.interval) return request;
  char* end = nullptr;
  const double seconds = std::strtod(options.interval->c_str(), &end);
  if (*end != '\0' || !(seconds >= 0.1 && seconds <= 3600)) {
    return wrong_usage(
        fmt::format("--interval takes seconds, 0.1 to 3600, not {}", shown(*options.interval)));
  }
  request.set_interval_ms(static_cast<std::uint32_t>(std::lround(seconds * 1000)));
  return request;
}

Status show_batch(Client& client, const v1::WatchCountersRequest& request, std::uint32_t count,
                  const TopView& view, Terminal& terminal) {
  std::optional<v1::WatchCountersResponse> last;
  std::uint32_t shown_so_far = 0;
  return client.stream(&Client::Watches::WatchCounters, request, [&](const auto& sample) {
    if (last) {
      terminal.out() << top_batch(rates_between(*last, sample), view) << std::flush;
      ++shown_so_far;
    }
    last = sample;
    return terminal.out().good() && (count == 0 || shown_so_far < count);
  });
}

// Until the user quits, or there is nothing more to show.
Status show_screen(Client client, const v1::WatchCountersRequest& request, TopView view) {
  constexpr int kPatience = 100;  // milliseconds
  Sampler sampler(std::move(client), request);
  Rates rates;
  std::string problem = "waiting for the first figures";
  CursesScreen screen;
  while (!view.quit) {
    if (const auto ended = sampler.ended()) return *ended;
    if (auto newest = sampler.take(); newest && !view.paused) {
      rates = *std::move(newest);
      problem.clear();
    }
    screen.draw(top_screen(rates, problem, view, screen.width(), screen.height()));
    if (const int key = screen.key(kPatience)) press(view, key, screen.height() / 2);
  }
  return {};
}

Status show(const CommandLine& line, const Options& options, Terminal& terminal) {
  const auto request = request_of(options);
  if (!request) return tl::unexpected(request.error());
  const auto count = options.count ? parse_number(*options.count) : std::optional(0U);
  if (!count) return wrong_usage("-N takes a number, not " + shown(*options.count));
  auto client = line.connect(Access::look);
  if (!client) return tl::unexpected(client.error());
  TopView view;
  view.all = options.all;
  if (options.batch || options.count || ::isatty(STDOUT_FILENO) != 1 ||
      ::isatty(STDIN_FILENO) != 1) {
    return show_batch(*client, *request, *count, view, terminal);
  }
  return show_screen(std::move(*client), *request, view);
}

}  // namespace

int top(const Invocation& invocation, Terminal& terminal) {
  Options options;
  CommandLine line(invocation, terminal, help());
  line.values("-S", options.vswitches, "VSWITCH", "Only this vswitch; may be given again");
  line.value("--interval", options.interval, "S", "Seconds between two samples (1)");
  line.flag("--batch", options.batch, "As text, one table an interval");
  line.value("-N", options.count, "COUNT", "As text, so many tables");
  line.flag("-a,--all", options.all, "Ports without a guest, too");
  if (const auto ended = line.parse()) return *ended;
  return conclude(terminal, show(line, options, terminal));
}

}  // namespace hpvmnet::cli
