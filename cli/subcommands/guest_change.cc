#include <ostream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/command_line.h"
#include "cli/json.h"
#include "cli/report.h"
#include "cli/subcommands/subcommands.h"
#include "cli/values.h"
#include "cli/vnic_spec.h"

namespace hpvmnet::cli {
namespace {

using Vnics = google::protobuf::RepeatedPtrField<v1::VnicRequest>;

constexpr const char* kVnicForm =
    "\n"
    "VNIC is vswitch=NAME[,adaptor=A][,port=N][,mac=ADDRESS][,bus=B][,device=D][,endpoint=E]\n"
    "or a resource string, as 'hpvmcreate --help' explains it. What is left out is chosen.\n"
    "  adaptor   avio_lan  accelerated: virtio, in memory shared with the guest (default)\n"
    "            lan       emulated: the hypervisor makes a network card of it\n"
    "            tap       an interface of the host, for itself or a container\n"
    "  endpoint  what the port connects to: of lan a socket, of tap the interface's name\n";

Status read(const std::vector<std::string>& texts, ResourceUse use, Vnics& vnics) {
  for (const std::string& text : texts) {
    auto vnic = parse_vnic(text, use);
    if (!vnic) return tl::unexpected(vnic.error());
    *vnics.Add() = *std::move(vnic);
  }
  return {};
}

// What the user wants of a guest, and how that is told.
struct Order {
  std::string name;
  bool json = false;
  bool force = false;
  bool yes = false;
};

template <class Method, class Request>
Status send(const CommandLine& line, const Order& order, Method method, Request request,
            Terminal& terminal) {
  const auto name = plain_name("guest", order.name);
  if (!name) return tl::unexpected(name.error());
  request.set_name(*name);
  auto client = line.connect(Access::administer);
  if (!client) return tl::unexpected(client.error());
  return client->change(method, request).map([&](const v1::Guest& guest) {
    if (order.json) terminal.out() << json_text(guest);
  });
}

Result<int> remove(const CommandLine& line, const Order& order, Terminal& terminal) {
  const auto name = plain_name("guest", order.name);
  if (!name) return tl::unexpected(name.error());
  auto client = line.connect(Access::administer);
  if (!client) return tl::unexpected(client.error());
  if (!order.yes) {
    v1::GetGuestRequest request;  // before the question: there may be no such guest
    request.set_name(*name);
    const auto guest = client->look(&Client::Guests::GetGuest, request);
    if (!guest) return tl::unexpected(guest.error());
    if (!terminal.confirm(fmt::format("Delete the guest '{}'?", *name))) {
      return report_declined(terminal);
    }
  }
  v1::RemoveGuestRequest request;
  request.set_name(*name);
  request.set_force(order.force);
  return client->change(&Client::Guests::RemoveGuest, request).map([](const auto&) {
    return kSuccess;
  });
}

}  // namespace

int guest_create(const Invocation& invocation, Terminal& terminal) {
  static const HelpTexts texts{
      "Makes a guest with its network interfaces (vNICs). The hypervisor starts it, not hpvmnet.",
      std::string("  hpvmnet guest create GUEST [--vnic VNIC]... [OPTION]...\n") + kVnicForm,
      "  hpvmnet guest create web1 --vnic vswitch=prod\n"
      "  hpvmnet guest create old --vnic vswitch=prod,adaptor=lan,port=4\n"};
  Order order;
  std::vector<std::string> vnics;
  CommandLine line(invocation, terminal, texts);
  line.argument("GUEST", order.name, "The name of the new guest");
  line.values("--vnic", vnics, "VNIC", "Give it this vNIC; as often as it needs");
  line.flag("--json", order.json, "Show the guest afterwards, as JSON");
  if (const auto ended = line.parse()) return *ended;
  v1::CreateGuestRequest request;
  const Status created = read(vnics, ResourceUse::add, *request.mutable_vnics()).and_then([&] {
    return send(line, order, &Client::Guests::CreateGuest, request, terminal);
  });
  return conclude(terminal, created, {.object = order.name, .attempt = "create the guest"});
}

int guest_modify(const Invocation& invocation, Terminal& terminal) {
  static const HelpTexts texts{
      "Changes the network interfaces (vNICs) of a guest: all that is asked for, or nothing. "
      "Removals come first, then changes, then additions.",
      std::string("  hpvmnet guest modify GUEST {--add-vnic|--set-vnic|--remove-vnic} VNIC... "
                  "[OPTION]...\n") +
          kVnicForm,
      "  hpvmnet guest modify web1 --add-vnic vswitch=lab\n"
      "  hpvmnet guest modify web1 --set-vnic bus=0,device=1,port=4\n"
      "  hpvmnet guest modify web1 --remove-vnic mac=02-aa-bb-cc-dd-ee\n"};
  Order order;
  std::vector<std::string> add;
  std::vector<std::string> set;
  std::vector<std::string> remove;
  CommandLine line(invocation, terminal, texts);
  line.argument("GUEST", order.name, "The guest");
  line.values("--add-vnic", add, "VNIC", "Add this vNIC");
  line.values("--set-vnic", set, "VNIC",
              "Change the vNIC at this bus and device; what is left out stays");
  line.values("--remove-vnic", remove, "VNIC",
              "Remove the vNIC at this bus and device, or of this MAC, or vswitch and port");
  line.flag("--force", order.force, "Even where the running guest loses a connection by it");
  line.flag("--json", order.json, "Show the guest afterwards, as JSON");
  if (const auto ended = line.parse()) return *ended;
  if (add.empty() && set.empty() && remove.empty()) {
    return report(terminal, {Error::Kind::usage,
                             "what is to change? Give --add-vnic, --set-vnic or --remove-vnic"});
  }
  v1::ModifyGuestRequest request;
  request.set_force(order.force);
  const Status changed =
      read(remove, ResourceUse::find, *request.mutable_remove())
          .and_then([&] { return read(set, ResourceUse::find, *request.mutable_modify()); })
          .and_then([&] { return read(add, ResourceUse::add, *request.mutable_add()); })
          .and_then(
              [&] { return send(line, order, &Client::Guests::ModifyGuest, request, terminal); });
  return conclude(terminal, changed, {.object = order.name, .attempt = "change the guest"});
}

int guest_delete(const Invocation& invocation, Terminal& terminal) {
  static const HelpTexts texts{
      "Forgets a guest and its network interfaces. Its disks and the hypervisor are not touched.",
      "  hpvmnet guest delete GUEST [OPTION]...\n", "  hpvmnet guest delete web1 --yes\n"};
  Order order;
  CommandLine line(invocation, terminal, texts);
  line.argument("GUEST", order.name, "The guest");
  line.flag("-y,--yes", order.yes, "Ask no question");
  line.flag("--force", order.force, "Even where it is running, which disconnects it");
  if (const auto ended = line.parse()) return *ended;
  const auto status = remove(line, order, terminal);
  if (status) return *status;
  return report(terminal, status.error(), {.object = order.name, .attempt = "delete the guest"});
}

}  // namespace hpvmnet::cli
