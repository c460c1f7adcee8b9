#include <optional>
#include <ostream>
#include <string>

#include <fmt/format.h>

#include "cli/command_line.h"
#include "cli/commands/vswitch_read.h"
#include "cli/json.h"
#include "cli/report.h"
#include "cli/subcommands/subcommands.h"
#include "cli/values.h"

namespace hpvmnet::cli {
namespace {

constexpr std::string_view kNone = "none";

const HelpTexts& help() {
  static const HelpTexts texts{
      "Changes the settings of a port, all or none. What is not given stays.",
      "  hpvmnet port set VSWITCH PORT OPTION...\n",
      "  hpvmnet port set prod 3 --vlan 120\n"
      "  hpvmnet port set prod 4 --trunk 10,20-29 --vlan none\n"
      "  hpvmnet port set prod 3 --queues 2 --rings packed\n"};
  return texts;
}

struct Options {
  std::string vswitch;
  std::string port;
  std::optional<std::string> vlan;
  std::optional<std::string> trunk;
  std::optional<std::string> queues;
  std::optional<std::string> rings;
  bool json = false;
};

Status read_vlan(const std::string& text, v1::SetPortRequest& request) {
  auto& vlan = *request.mutable_vlan();
  if (text == kNone) return {};
  const auto id = parse_number(text);
  if (!id || *id > kLastVlanId) {
    return wrong_usage(
        fmt::format("--vlan {} is not a VLAN id; 0 to {}, or none", shown(text), kLastVlanId));
  }
  vlan.set_vlan_id(*id);
  return {};
}

Status read_queues(const std::string& text, v1::SetPortRequest& request) {
  const auto pairs = parse_number(text);
  if (!pairs || *pairs < 1 || *pairs > kMostQueuePairs) {
    return wrong_usage(fmt::format("--queues {} is not a number of queue pairs; 1 to {}",
                                   shown(text), kMostQueuePairs));
  }
  request.set_queue_pairs(*pairs);
  return {};
}

Status read_rings(const std::string& text, v1::SetPortRequest& request) {
  if (text != "split" && text != "packed") {
    return wrong_usage(fmt::format("--rings {}: write split or packed", shown(text)));
  }
  request.set_rings(text == "packed" ? v1::Port::RINGS_PACKED : v1::Port::RINGS_SPLIT);
  return {};
}

Result<v1::SetPortRequest> to_request(const Options& options) {
  if (!options.vlan && !options.trunk && !options.queues && !options.rings) {
    return wrong_usage("what is to change? Give --vlan, --trunk, --queues or --rings");
  }
  v1::SetPortRequest request;
  auto vswitch = vswitch_named(options.vswitch);
  if (!vswitch) return tl::unexpected(vswitch.error());
  *request.mutable_vswitch() = *std::move(vswitch);
  const auto port = read_port_number(options.port);
  if (!port) return tl::unexpected(port.error());
  request.set_port(*port);
  Status status;
  if (options.vlan) status = read_vlan(*options.vlan, request);
  // The daemon judges the list.
  if (options.trunk) request.set_trunk(*options.trunk == kNone ? "" : *options.trunk);
  if (status && options.queues) status = read_queues(*options.queues, request);
  if (status && options.rings) status = read_rings(*options.rings, request);
  if (!status) return tl::unexpected(status.error());
  return request;
}

Status set(const CommandLine& line, const Options& options, Terminal& terminal) {
  const auto request = to_request(options);
  if (!request) return tl::unexpected(request.error());
  auto client = line.connect(Access::administer);
  if (!client) return tl::unexpected(client.error());
  return client->change(&Client::Vswitches::SetPort, *request).map([&](const v1::Port& port) {
    if (options.json) terminal.out() << json_text(port);
  });
}

}  // namespace

int port_set(const Invocation& invocation, Terminal& terminal) {
  Options options;
  CommandLine line(invocation, terminal, help());
  line.argument("VSWITCH", options.vswitch, "The vswitch");
  line.argument("PORT", options.port, "The port; 0 to 511");
  line.value("--vlan", options.vlan, "ID|none",
             "The VLAN of frames without a tag, 0 to 4094; none: of no VLAN, and a trunk drops "
             "them");
  line.value("--trunk", options.trunk, "LIST|all|none",
             "Carry frames with tags of these VLANs, as in 10,20-29; none: the port is no trunk");
  line.value("--queues", options.queues, "PAIRS",
             "Pairs of queues of the vNIC on the port, 1 to 16; the interface of a tap port is "
             "made anew with them");
  line.value("--rings", options.rings, "split|packed",
             "Which virtqueues a guest may use: packed ones besides split ones, or split ones "
             "only. Opens the port anew, which disconnects a running guest");
  line.flag("--json", options.json, "Show the port afterwards, as JSON");
  if (const auto ended = line.parse()) return *ended;
  return conclude(terminal, set(line, options, terminal),
                  {.object = options.vswitch, .attempt = "change the port"});
}

}  // namespace hpvmnet::cli
