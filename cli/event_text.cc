#include "cli/event_text.h"

#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "cli/json.h"

namespace hpvmnet::cli {
namespace {

constexpr std::uint64_t kNanoseconds = 1'000'000'000;

std::string time_text(std::uint64_t time_ns) {
  const std::tm time = fmt::gmtime(static_cast<std::time_t>(time_ns / kNanoseconds));
  return fmt::format("{:%Y-%m-%d %H:%M:%S}.{:03}", time, time_ns % kNanoseconds / 1'000'000);
}

}  // namespace

std::string event_line(const v1::Event& event) {
  return fmt::format("{:>6}  {}  {:<21}  {}\n", event.sequence(), time_text(event.time_ns()),
                     event.kind(), event.text());
}

std::string notice_lines(const v1::WatchEventsResponse& message) {
  std::string lines;
  if (message.restarted()) {
    lines +=
        "hpvmnetd has been restarted: numbers begin anew, and the end of what happened before "
        "may be lost\n";
  }
  if (message.has_gap()) {
    lines += fmt::format("events {} to {} are lost: hpvmnetd no longer knows them\n",
                         message.gap().first(), message.gap().last());
  }
  return lines;
}

std::string event_json_lines(const v1::WatchEventsResponse& message) {
  std::string lines;
  if (!message.instance().empty()) {
    lines += fmt::format("{{\"instance\":\"{}\",\"restarted\":{}}}\n", message.instance(),
                         message.restarted());
  }
  if (message.has_gap()) {
    lines += fmt::format("{{\"gap\":{{\"first\":\"{}\",\"last\":\"{}\"}}}}\n",
                         message.gap().first(), message.gap().last());
  }
  for (const v1::Event& event : message.events()) lines += json_line(event);
  return lines;
}

}  // namespace hpvmnet::cli
