#include <optional>
#include <string>

#include "cli/command_line.h"
#include "cli/commands/commands.h"
#include "cli/commands/guest_changes.h"
#include "cli/commands/guest_name.h"
#include "cli/report.h"
#include "cli/values.h"

namespace hpvmnet::cli {
namespace {

const HelpTexts& help() {
  static const HelpTexts texts{
      "Makes a guest with the network interfaces (vNICs) of another one: on the same vswitches, "
      "at\n"
      "free ports with the same settings, with new MAC addresses. Disks are the hypervisor's.",
      "  hpvmclone {-P NAME | -p NUMBER} -N NEW-NAME [{-a | -m | -d} RESOURCE]...\n"
      "\n"
      "RESOURCE is as 'hpvmcreate --help' explains it; for -m and -d it may end after BUS,DEVICE.\n"
      "These changes are made to the new guest. What a port connects to (:connect:, :ifname:)\n"
      "belongs to one port and is not taken over.\n",
      "  hpvmclone -P web1 -N web2\n"
      "  hpvmclone -P web1 -N web2 -m network:lan:0,1,0x2a87145cf9ed -d network:lan:0,2\n"};
  return texts;
}

struct Options {
  GuestName source;
  std::optional<std::string> name;
  GuestChanges changes;
};

// All but the name of the source.
Result<v1::CloneGuestRequest> to_request(const Options& options) {
  if (!options.name) return wrong_usage("the new guest has no name; give it with -N NAME");
  auto name = plain_name("guest", *options.name);
  if (!name) return tl::unexpected(name.error());
  v1::CloneGuestRequest request;
  request.set_name(*std::move(name));
  return options.changes.put(request).map([&] { return request; });
}

Status clone(const CommandLine& line, const Options& options, Terminal& terminal) {
  if (auto status = options.source.check(); !status) return status;
  auto request = to_request(options);
  if (!request) return tl::unexpected(request.error());
  auto client = line.connect(Access::administer);
  if (!client) return tl::unexpected(client.error());
  const auto source = options.source.resolve(*client);
  if (!source) return tl::unexpected(source.error());
  request->set_source(*source);
  return client->change(&Client::Guests::CloneGuest, *request).map([&](const v1::Guest& guest) {
    warn_of(guest, terminal);
  });
}

}  // namespace

int hpvmclone(const Invocation& invocation, Terminal& terminal) {
  Options options;
  CommandLine line(invocation, terminal, help());
  options.source.add_to(line);
  line.value("-N", options.name, "NEW-NAME", "The name of the new guest");
  options.changes.add_to(line);
  if (const auto ended = line.parse()) return *ended;
  return conclude(terminal, clone(line, options, terminal),
                  {.object = options.source.text(), .attempt = "clone the guest"});
}

}  // namespace hpvmnet::cli
