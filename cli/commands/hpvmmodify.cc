#include <ostream>
#include <string>

#include <fmt/format.h>

#include "cli/command_line.h"
#include "cli/commands/commands.h"
#include "cli/commands/guest_changes.h"
#include "cli/commands/guest_name.h"
#include "cli/guest_text.h"
#include "cli/report.h"
#include "cli/values.h"

namespace hpvmnet::cli {
namespace {

const HelpTexts& help() {
  static const HelpTexts texts{
      "Changes the network interfaces (vNICs) of a guest: all that is asked for, or nothing.",
      "  hpvmmodify {-P NAME | -p NUMBER} {-a | -m | -d} RESOURCE ... [-F] [--dry-run]\n"
      "  hpvmmodify {-P NAME | -p NUMBER} --migrate-to-avio [-F] [--dry-run]\n"
      "\n"
      "RESOURCE is network:ADAPTOR:[BUS],[DEVICE],[MAC]:vswitch:NAME[:portid:N][OPTION]\n"
      "as 'hpvmcreate --help' explains it. For -m and -d it may end after BUS,DEVICE.\n"
      "'none' as the value of an OPTION takes it back.\n"
      "Deletions are made first, then modifications, then additions.\n",
      "  hpvmmodify -P web1 -a network:avio_lan::vswitch:clan2\n"
      "  hpvmmodify -P web1 -m network:avio_lan:0,2:vswitch:clan2:portid:4\n"
      "  hpvmmodify -P web1 -d network:lan:0,1\n"
      "  hpvmmodify -P web1 --migrate-to-avio --dry-run\n"};
  return texts;
}

struct Options {
  GuestName guest;
  GuestChanges changes;
  bool migrate = false;
  bool force = false;
  bool dry_run = false;
};

Status check(const Options& options) {
  if (auto status = options.guest.check(); !status) return status;
  if (options.migrate && !options.changes.empty()) {
    return wrong_usage(
        "--migrate-to-avio changes all lan vNICs of the guest; give it without -a, -m and -d");
  }
  if (!options.migrate && options.changes.empty()) {
    return wrong_usage(
        "what is to change? Add a vNIC with -a, modify one with -m, or delete one "
        "with -d");
  }
  return {};
}

Result<v1::Guest> get_guest(Client& client, const std::string& name) {
  v1::GetGuestRequest request;
  request.set_name(name);
  return client.look(&Client::Guests::GetGuest, request);
}

// Ports, VLANs and addresses stay: only the kind of card is another one.
Status put_migration(const v1::Guest& guest, v1::ModifyGuestRequest& request) {
  for (const v1::Vnic& vnic : guest.vnics()) {
    if (vnic.adaptor() != "lan") continue;
    if (!vnic.endpoint().empty()) {
      return failed(fmt::format(
          "the vNIC at bus {0}, device {1} connects to {2}, and an accelerated one cannot; take "
          "that "
          "back first with -m network:lan:{0},{1}:vswitch:{3}:connect:none, or delete the vNIC",
          vnic.bus(), vnic.device(), shown(vnic.endpoint()), vnic.vswitch()));
    }
    v1::VnicRequest& change = *request.add_modify();
    change.set_adaptor("avio_lan");
    change.set_bus(vnic.bus());
    change.set_device(vnic.device());
  }
  return {};
}

Status modify(const CommandLine& line, const Options& options, Terminal& terminal) {
  if (auto status = check(options); !status) return status;
  v1::ModifyGuestRequest request;
  request.set_force(options.force);
  request.set_dry_run(options.dry_run);
  if (auto status = options.changes.put(request); !status) return status;
  auto client = line.connect(Access::administer);
  if (!client) return tl::unexpected(client.error());
  const auto name = options.guest.resolve(*client);
  if (!name) return tl::unexpected(name.error());
  request.set_name(*name);
  v1::Guest before;
  if (options.migrate || options.dry_run) {
    const auto guest = get_guest(*client, *name);
    if (!guest) return tl::unexpected(guest.error());
    before = *guest;
  }
  if (options.migrate) {
    if (auto status = put_migration(before, request); !status) return status;
    if (request.modify().empty()) {
      warn(terminal, *name, "the guest has no lan vNIC: there is nothing to migrate");
      return {};
    }
  }
  return client->change(&Client::Guests::ModifyGuest, request).map([&](const v1::Guest& after) {
    if (options.dry_run) terminal.out() << difference_text(before, after);
    warn_of(after, terminal);
  });
}

}  // namespace

int hpvmmodify(const Invocation& invocation, Terminal& terminal) {
  Options options;
  CommandLine line(invocation, terminal, help());
  options.guest.add_to(line);
  options.changes.add_to(line);
  line.flag("--migrate-to-avio", options.migrate,
            "Make all lan vNICs avio_lan; ports, VLANs and MAC addresses stay");
  line.flag("-F", options.force, "Even where the running guest loses a connection by it");
  line.flag("-s,--dry-run", options.dry_run,
            "Change nothing: judge it, and print the resources that would go (-) and come (+)");
  if (const auto ended = line.parse()) return *ended;
  return conclude(terminal, modify(line, options, terminal),
                  {.object = options.guest.text(), .attempt = "modify the guest"});
}

}  // namespace hpvmnet::cli
