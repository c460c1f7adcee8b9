#include <optional>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "cli/commands/commands.h"
#include "cli/commands/guest_changes.h"
#include "cli/report.h"
#include "cli/resource.h"
#include "cli/values.h"

namespace hpvmnet::cli {
namespace {

const HelpTexts& help() {
  static const HelpTexts texts{
      "Makes a guest with its network interfaces (vNICs). The hypervisor starts it, not hpvmnet.",
      "  hpvmcreate -P NAME [-a RESOURCE]...\n"
      "\n"
      "RESOURCE is network:ADAPTOR:[BUS],[DEVICE],[MAC]:vswitch:NAME[:portid:N][OPTION]\n"
      "  ADAPTOR   lan       emulated: the hypervisor makes a network card of it\n"
      "            avio_lan  accelerated: virtio, in memory shared with the guest\n"
      "            tap       an interface of the host, for itself or a container\n"
      "  MAC       0xaabbcc001122 or aa-bb-cc-00-11-22\n"
      "  OPTION    :connect:PATH  lan: connects to a socket, such as passt's\n"
      "            :ifname:NAME   tap: the interface's name, if not VSWITCH-N\n"
      "What is left out is chosen: network:lan::vswitch:NAME,\n"
      "network:lan:,,MAC:vswitch:NAME\n",
      "  hpvmcreate -P web1 -a network:avio_lan::vswitch:clan1\n"
      "  hpvmcreate -P web2 -a network:lan:0,0,0x2a87145cf9ed:vswitch:localnet:portid:4\n"
      "  hpvmcreate -P thishost -a network:tap::vswitch:localnet:ifname:guests0\n"};
  return texts;
}

struct Options {
  std::optional<std::string> name;
  std::vector<std::string> add;
};

Result<v1::CreateGuestRequest> to_request(const Options& options) {
  if (!options.name) return wrong_usage("the new guest has no name; give it with -P NAME");
  auto name = plain_name("guest", *options.name);
  if (!name) return tl::unexpected(name.error());
  v1::CreateGuestRequest request;
  request.set_name(*std::move(name));
  for (const std::string& text : options.add) {
    auto vnic = parse_resource(text, ResourceUse::add);
    if (!vnic) return tl::unexpected(vnic.error());
    *request.add_vnics() = *std::move(vnic);
  }
  return request;
}

Status create(const CommandLine& line, const Options& options, Terminal& terminal) {
  const auto request = to_request(options);
  if (!request) return tl::unexpected(request.error());
  auto client = line.connect(Access::administer);
  if (!client) return tl::unexpected(client.error());
  return client->change(&Client::Guests::CreateGuest, *request).map([&](const v1::Guest& guest) {
    warn_of(guest, terminal);
  });
}

}  // namespace

int hpvmcreate(const Invocation& invocation, Terminal& terminal) {
  Options options;
  CommandLine line(invocation, terminal, help());
  line.value("-P", options.name, "NAME", "The name of the new guest");
  line.values("-a", options.add, "RESOURCE", "Give it this vNIC; as often as it needs");
  if (const auto ended = line.parse()) return *ended;
  return conclude(terminal, create(line, options, terminal),
                  {.object = options.name.value_or(""), .attempt = "create the guest"});
}

}  // namespace hpvmnet::cli
