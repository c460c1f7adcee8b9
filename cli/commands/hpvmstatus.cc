#include <array>
#include <ostream>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "cli/command_line.h"
#include "cli/commands/attachment.h"
#include "cli/commands/commands.h"
#include "cli/commands/guest_name.h"
#include "cli/commands/vswitch_show.h"
#include "cli/guest_records.h"
#include "cli/guest_text.h"
#include "cli/report.h"

namespace hpvmnet::cli {
namespace {

const HelpTexts& help() {
  static const HelpTexts texts{
      "Shows guests and their network interfaces.",
      "  hpvmstatus [-r | -M | -X]                    all guests\n"
      "  hpvmstatus {-P NAME | -p NUMBER} [-V | -d | -r | -M | -X]   one guest\n"
      "  hpvmstatus {-P NAME | -p NUMBER} {--qemu | --libvirt | --cloud-hypervisor}\n"
      "                                               how to start it with its vNICs\n",
      "  hpvmstatus -P web1\n"
      "  hpvmstatus -P web1 -d\n"
      "  eval \"qemu-system-x86_64 -hda web1.qcow2 $(hpvmstatus -P web1 --qemu)\"\n"};
  return texts;
}

struct Options {
  GuestName guest;
  bool verbose = false;
  bool devices = false;
  bool reserved = false;
  bool machine = false;
  bool xml = false;
  AttachmentOptions attachment;
};

Status check(const Options& options) {
  struct Layout {
    std::string_view option;
    bool given;
    bool of_one_guest;
  };
  const std::array layouts{
      Layout{"-V", options.verbose, true},
      Layout{"-d", options.devices, true},
      Layout{"-r", options.reserved, false},
      Layout{"-M", options.machine, false},
      Layout{"-X", options.xml, false},
      Layout{"--qemu", options.attachment.qemu(), true},
      Layout{"--libvirt", options.attachment.libvirt(), true},
      Layout{"--cloud-hypervisor", options.attachment.cloud_hypervisor(), true}};
  const Layout* chosen = nullptr;
  for (const Layout& layout : layouts) {
    if (!layout.given) continue;
    if (chosen != nullptr) {
      return wrong_usage(fmt::format("{} and {} show different things; give one of them",
                                     chosen->option, layout.option));
    }
    chosen = &layout;
  }
  if (auto status = options.attachment.check(); !status) return status;
  if (options.guest.given()) return options.guest.check();
  if (chosen == nullptr || !chosen->of_one_guest) return {};
  return wrong_usage(fmt::format("{} needs a guest: -P NAME or -p NUMBER; 'hpvmstatus' lists them",
                                 chosen->option));
}

std::string records_text(const GuestList& guests, bool xml) {
  const Records records{guests_record(guests)};
  return xml ? xml_text("hpvm", records) : machine_text(records);
}

Status show_all(Client& client, const Options& options, Terminal& terminal) {
  return client.look(&Client::Guests::ListGuests, {}).map([&](const auto& response) {
    const GuestList& guests = response.guests();
    terminal.out() << (options.machine || options.xml ? records_text(guests, options.xml)
                       : options.reserved             ? reservations_text(guests)
                                                      : summary_text(guests));
  });
}

Status show_reserved(Client& client, const v1::Guest& guest, Terminal& terminal) {
  std::set<std::string> names;
  for (const v1::Vnic& vnic : guest.vnics()) names.insert(vnic.vswitch());
  VswitchList vswitches;
  for (const std::string& name : names) {
    v1::VswitchReference which;
    which.set_name(name);
    const auto vswitch = get_vswitch(client, which);
    if (!vswitch) return tl::unexpected(vswitch.error());
    *vswitches.Add() = *vswitch;
  }
  GuestList guests;
  *guests.Add() = guest;
  terminal.out() << reservations_text(guests) << '\n' << reserved_ports_text(guest, vswitches);
  return {};
}

Status show_guest(Client& client, const std::string& name, const Options& options,
                  Terminal& terminal) {
  v1::GetGuestRequest request;
  request.set_name(name);
  const auto guest = client.look(&Client::Guests::GetGuest, request);
  if (!guest) return tl::unexpected(guest.error());
  if (options.reserved) return show_reserved(client, *guest, terminal);
  GuestList guests;
  *guests.Add() = *guest;
  terminal.out() << (options.machine || options.xml ? records_text(guests, options.xml)
                     : options.devices              ? devices_text(*guest)
                     : options.verbose              ? verbose_text(*guest)
                                                    : details_text(*guest));
  return {};
}

Status show(const CommandLine& line, const Options& options, Terminal& terminal) {
  if (auto status = check(options); !status) return status;
  auto client = line.connect(Access::look);
  if (!client) return tl::unexpected(client.error());
  if (!options.guest.given()) return show_all(*client, options, terminal);
  const auto name = options.guest.resolve(*client);
  if (!name) return tl::unexpected(name.error());
  return options.attachment.any() ? options.attachment.show(*client, *name, terminal)
                                  : show_guest(*client, *name, options, terminal);
}

}  // namespace

int hpvmstatus(const Invocation& invocation, Terminal& terminal) {
  Options options;
  CommandLine line(invocation, terminal, help());
  options.guest.add_to(line);
  line.flag("-V", options.verbose, "Verbose: a line for each thing");
  line.flag("-d", options.devices, "As resource strings, which hpvmcreate takes");
  line.flag("-r", options.reserved, "What is reserved: vswitches and their ports");
  line.flag("-M", options.machine,
            "For programs: a line for each thing, fields with colons between them; a colon or "
            "backslash in a field has a backslash before it");
  line.flag("-X", options.xml, "For programs: the same as XML");
  options.attachment.add_to(line);
  if (const auto ended = line.parse()) return *ended;
  return conclude(terminal, show(line, options, terminal),
                  {.object = options.guest.text(), .attempt = {}});
}

}  // namespace hpvmnet::cli
