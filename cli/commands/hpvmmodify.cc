#include <string>
#include <vector>

#include "cli/command_line.h"
#include "cli/commands/commands.h"
#include "cli/commands/guest_name.h"
#include "cli/report.h"
#include "cli/resource.h"

namespace hpvmnet::cli {
namespace {

const HelpTexts& help() {
  static const HelpTexts texts{
      "Changes the network interfaces (vNICs) of a guest: all that is asked for, or nothing.",
      "  hpvmmodify {-P NAME | -p NUMBER} {-a | -m | -d} RESOURCE ... [-F]\n"
      "\n"
      "RESOURCE is network:ADAPTOR:[BUS],[DEVICE],[MAC]:vswitch:NAME[:portid:N][OPTION]\n"
      "as 'hpvmcreate --help' explains it. For -m and -d it may end after BUS,DEVICE.\n"
      "'none' as the value of an OPTION takes it back.\n"
      "Deletions are made first, then modifications, then additions.\n",
      "  hpvmmodify -P web1 -a network:avio_lan::vswitch:clan2\n"
      "  hpvmmodify -P web1 -m network:avio_lan:0,2:vswitch:clan2:portid:4\n"
      "  hpvmmodify -P web1 -d network:lan:0,1\n"};
  return texts;
}

struct Options {
  GuestName guest;
  std::vector<std::string> add;
  std::vector<std::string> modify;
  std::vector<std::string> remove;
  bool force = false;
};

using Vnics = google::protobuf::RepeatedPtrField<v1::VnicRequest>;

Status read(const std::vector<std::string>& texts, ResourceUse use, Vnics& vnics) {
  for (const std::string& text : texts) {
    auto vnic = parse_resource(text, use);
    if (!vnic) return tl::unexpected(vnic.error());
    *vnics.Add() = *std::move(vnic);
  }
  return {};
}

// All but the name of the guest.
Result<v1::ModifyGuestRequest> to_request(const Options& options) {
  if (options.add.empty() && options.modify.empty() && options.remove.empty()) {
    return wrong_usage(
        "what is to change? Add a vNIC with -a, modify one with -m, or delete one "
        "with -d");
  }
  v1::ModifyGuestRequest request;
  request.set_force(options.force);
  return read(options.remove, ResourceUse::find, *request.mutable_remove())
      .and_then([&] { return read(options.modify, ResourceUse::find, *request.mutable_modify()); })
      .and_then([&] { return read(options.add, ResourceUse::add, *request.mutable_add()); })
      .map([&] { return request; });
}

Status modify(const CommandLine& line, const Options& options) {
  if (auto status = options.guest.check(); !status) return status;
  auto request = to_request(options);
  if (!request) return tl::unexpected(request.error());
  auto client = line.connect(Access::administer);
  if (!client) return tl::unexpected(client.error());
  const auto name = options.guest.resolve(*client);
  if (!name) return tl::unexpected(name.error());
  request->set_name(*name);
  const auto guest = client->change(&Client::Guests::ModifyGuest, *request);
  return guest ? Status{} : tl::unexpected(guest.error());
}

}  // namespace

int hpvmmodify(const Invocation& invocation, Terminal& terminal) {
  Options options;
  CommandLine line(invocation, terminal, help());
  options.guest.add_to(line);
  line.values("-a", options.add, "RESOURCE", "Add this vNIC");
  line.values("-m", options.modify, "RESOURCE",
              "Modify the vNIC at this bus and device; what is left out stays");
  line.values("-d", options.remove, "RESOURCE",
              "Delete the vNIC at this bus and device, or of this MAC or vswitch and port");
  line.flag("-F", options.force, "Even where the running guest loses a connection by it");
  if (const auto ended = line.parse()) return *ended;
  return conclude(terminal, modify(line, options),
                  {.object = options.guest.text(), .attempt = "modify the guest"});
}

}  // namespace hpvmnet::cli
