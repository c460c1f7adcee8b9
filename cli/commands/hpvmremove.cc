#include <fmt/format.h>

#include "cli/command_line.h"
#include "cli/commands/commands.h"
#include "cli/commands/guest_name.h"
#include "cli/report.h"

namespace hpvmnet::cli {
namespace {

const HelpTexts& help() {
  static const HelpTexts texts{
      "Forgets a guest and its network interfaces. Its disks and the hypervisor are not touched.",
      "  hpvmremove {-P NAME | -p NUMBER} [-Q | -F]\n",
      "  hpvmremove -P web1\n"
      "  hpvmremove -P web1 -Q\n"};
  return texts;
}

struct Options {
  GuestName guest;
  bool quiet = false;
  bool force = false;
};

// Returns the exit status, or why there is none yet.
Result<int> remove(const CommandLine& line, const Options& options, Terminal& terminal) {
  if (auto status = options.guest.check(); !status) return tl::unexpected(status.error());
  auto client = line.connect(Access::administer);
  if (!client) return tl::unexpected(client.error());
  const auto name = options.guest.resolve(*client);
  if (!name) return tl::unexpected(name.error());
  if (!options.quiet && !options.force) {
    v1::GetGuestRequest request;  // before the question: there may be no such guest
    request.set_name(*name);
    const auto guest = client->look(&Client::Guests::GetGuest, request);
    if (!guest) return tl::unexpected(guest.error());
    if (!terminal.confirm(fmt::format("Remove the guest '{}'?", guest->name()))) {
      return report_declined(terminal);
    }
  }
  v1::RemoveGuestRequest request;
  request.set_name(*name);
  request.set_force(options.force);
  return client->change(&Client::Guests::RemoveGuest, request).map([](const auto&) {
    return kSuccess;
  });
}

}  // namespace

int hpvmremove(const Invocation& invocation, Terminal& terminal) {
  Options options;
  CommandLine line(invocation, terminal, help());
  options.guest.add_to(line);
  line.flag("-Q", options.quiet, "Ask no question");
  line.flag("-F", options.force, "Ask no question, and remove a guest that is running, too");
  if (const auto ended = line.parse()) return *ended;
  const auto status = remove(line, options, terminal);
  if (status) return *status;
  return report(terminal, status.error(),
                {.object = options.guest.text(), .attempt = "remove the guest"});
}

}  // namespace hpvmnet::cli
