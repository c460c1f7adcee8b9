#include <chrono>
#include <ostream>
#include <thread>

#include <fmt/format.h>

#include "cli/command_line.h"
#include "cli/event_text.h"
#include "cli/report.h"
#include "cli/subcommands/subcommands.h"
#include "cli/values.h"

namespace hpvmnet::cli {
namespace {

using namespace std::chrono_literals;

const HelpTexts& help() {
  static const HelpTexts texts{
      "Shows what has happened on the vswitches since hpvmnetd started: guests that came and went, "
      "changes of the configuration, loops, links.",
      "  hpvmnet events [--since [INSTANCE:]N] [-S VSWITCH ...] [--follow] [--json]\n",
      "  hpvmnet events                      what hpvmnetd still knows, its newest 4096 events\n"
      "  hpvmnet events --follow             that, and what happens from now on\n"
      "  hpvmnet events --since 17           what came after number 17\n"
      "  hpvmnet events --follow -S prod     only of vswitch prod\n"
      "  hpvmnet events --json --since 5c3f0a9be01d2274:17\n"
      "      for programs, which know the instance of hpvmnetd from their last call: numbers "
      "begin\n"
      "      anew when it restarts, and the call says so\n"};
  return texts;
}

struct Options {
  std::optional<std::string> since;
  std::vector<std::string> vswitches;
  bool follow = false;
  bool json = false;
};

Result<v1::WatchEventsRequest> request_of(const Options& options) {
  v1::WatchEventsRequest request;
  request.set_since_sequence(0);
  request.set_until_now(!options.follow);
  for (const std::string& name : options.vswitches) {
    const auto plain = plain_name("vswitch", name);
    if (!plain) return tl::unexpected(plain.error());
    request.add_vswitches(*plain);
  }
  if (!options.since) return request;
  const std::size_t colon = options.since->find(':');
  const std::string number =
      colon == std::string::npos ? *options.since : options.since->substr(colon + 1);
  const auto sequence = parse_number(number);
  if (!sequence) {
    return wrong_usage(fmt::format(
        "--since takes the number of an event, or INSTANCE:NUMBER, not {}", shown(*options.since)));
  }
  if (colon != std::string::npos) request.set_instance(options.since->substr(0, colon));
  request.set_since_sequence(*sequence);
  return request;
}

class Follower {
 public:
  Follower(const Options& options, Client client, Terminal& terminal)
      : options_(options), client_(std::move(client)), terminal_(terminal) {}

  // One that follows has seen the daemon once waits for it to come back, and goes on where it was.
  Status run(v1::WatchEventsRequest request) {
    while (true) {
      const Status ended =
          client_.stream(&Client::Watches::WatchEvents, request, [&](const auto& message) {
            show(message);
            take_note(message, request);
            return terminal_.out().good();
          });
      const bool wanted = options_.follow && terminal_.out().good();
      if (!wanted || request.instance().empty()) return ended;
      if (!std::exchange(waiting_, true)) terminal_.say("hpvmnetd has gone; waiting for it");
      std::this_thread::sleep_for(1s);
    }
  }

 private:
  void show(const v1::WatchEventsResponse& message) {
    if (std::exchange(waiting_, false)) terminal_.say("hpvmnetd is back");
    if (options_.json) {
      terminal_.out() << event_json_lines(message) << std::flush;
      return;
    }
    terminal_.out() << notice_lines(message);
    for (const v1::Event& event : message.events()) terminal_.out() << event_line(event);
    terminal_.out().flush();
  }

  static void take_note(const v1::WatchEventsResponse& message, v1::WatchEventsRequest& next) {
    if (!message.instance().empty()) next.set_instance(message.instance());
    if (message.restarted()) next.set_since_sequence(0);
    if (message.has_gap()) next.set_since_sequence(message.gap().last());
    if (!message.events().empty()) {
      next.set_since_sequence(message.events(message.events_size() - 1).sequence());
    }
  }

  const Options& options_;
  Client client_;
  Terminal& terminal_;
  bool waiting_ = false;
};

Status follow(const CommandLine& line, const Options& options, Terminal& terminal) {
  auto request = request_of(options);
  if (!request) return tl::unexpected(request.error());
  auto client = line.connect(Access::look);
  if (!client) return tl::unexpected(client.error());
  return Follower(options, std::move(*client), terminal).run(*std::move(request));
}

}  // namespace

int events(const Invocation& invocation, Terminal& terminal) {
  Options options;
  CommandLine line(invocation, terminal, help());
  line.value("--since", options.since, "[INSTANCE:]N", "Only what came after event N");
  line.values("-S", options.vswitches, "VSWITCH", "Only of this vswitch; may be given again");
  line.flag("-f,--follow", options.follow, "Go on with what happens");
  line.flag("--json", options.json, "As JSON, an object a line");
  if (const auto ended = line.parse()) return *ended;
  return conclude(terminal, follow(line, options, terminal));
}

}  // namespace hpvmnet::cli
