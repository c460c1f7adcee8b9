#include "cli/commands/vswitch_show.h"

#include <array>
#include <ostream>
#include <vector>

#include "cli/commands/vswitch_read.h"
#include "cli/counters.h"
#include "cli/values.h"
#include "cli/vswitch_text.h"

namespace hpvmnet::cli {
namespace {

std::string row_of(const v1::Vswitch& vswitch) { return summary_text(std::array{&vswitch}); }

std::string verbose_text(const v1::Vswitch& vswitch) {
  std::string text = vswitch_details_text(vswitch);
  if (vswitch.multicast_groups_size() > 0) text += '\n' + multicast_groups_text(vswitch);
  for (const v1::Port& port : vswitch.ports()) text += '\n' + port_details_text(vswitch, port);
  return text;
}

// The port to the backing interface counts, too.
v1::Port uplink_of(const v1::Backing& backing) {
  v1::Port port;
  port.set_number(kPortsPerVswitch);
  port.set_active_guest(backing.interface());
  *port.mutable_counters() = backing.counters();
  return port;
}

}  // namespace

Result<v1::Vswitch> get_vswitch(Client& client, const v1::VswitchReference& which) {
  v1::GetVswitchRequest request;
  *request.mutable_vswitch() = which;
  return client.look(&Client::Vswitches::GetVswitch, request);
}

Result<VswitchList> list_vswitches(Client& client, bool ports) {
  auto response = client.look(&Client::Vswitches::ListVswitches, {});
  if (!response) return tl::unexpected(response.error());
  VswitchList vswitches;
  for (v1::Vswitch& listed : *response->mutable_vswitches()) {
    if (!ports) {
      *vswitches.Add() = std::move(listed);
      continue;
    }
    v1::VswitchReference which;
    which.set_name(listed.name());
    auto vswitch = get_vswitch(client, which);
    if (!vswitch) return tl::unexpected(vswitch.error());
    *vswitches.Add() = *std::move(vswitch);
  }
  return vswitches;
}

Result<v1::Vswitch> clear_counters(Client& client, const v1::VswitchReference& which,
                                   std::optional<std::uint32_t> port) {
  v1::ClearCountersRequest request;
  *request.mutable_vswitch() = which;
  if (port) request.set_port(*port);
  return client.change(&Client::Vswitches::ClearCounters, request);
}

PortList ports_of(const v1::Vswitch& vswitch, std::optional<std::uint32_t> number) {
  if (!number) return vswitch.ports();
  PortList ports;
  *ports.Add() = port_of(vswitch, *number);
  return ports;
}

PortList counting_ports(const v1::Vswitch& vswitch, std::optional<std::uint32_t> number) {
  const v1::Vswitch counted = since_cleared(vswitch);
  PortList ports = ports_of(counted, number);
  if (!number && counted.has_backing()) *ports.Add() = uplink_of(counted.backing());
  return ports;
}

Status show_vswitches(Client& client, bool verbose, Terminal& terminal) {
  const auto vswitches = list_vswitches(client, verbose);
  if (!vswitches) return tl::unexpected(vswitches.error());
  if (!verbose) {
    std::vector<const v1::Vswitch*> rows;
    for (const v1::Vswitch& vswitch : *vswitches) rows.push_back(&vswitch);
    terminal.out() << summary_text(rows);
    return {};
  }
  std::string text;
  for (const v1::Vswitch& vswitch : *vswitches) {
    if (!text.empty()) text += '\n';
    text += verbose_text(vswitch);
  }
  terminal.out() << text;
  return {};
}

Status show_vswitch(Client& client, const v1::VswitchReference& which, bool verbose,
                    Terminal& terminal) {
  return get_vswitch(client, which).map([&](const v1::Vswitch& vswitch) {
    terminal.out() << (verbose ? verbose_text(vswitch)
                               : row_of(vswitch) + '\n' + port_configuration_text(vswitch.ports()));
  });
}

Status show_ports(Client& client, const v1::VswitchReference& which,
                  std::optional<std::uint32_t> number, Terminal& terminal) {
  return get_vswitch(client, which).map([&](const v1::Vswitch& vswitch) {
    std::string text;
    for (const v1::Port& port : ports_of(vswitch, number)) {
      if (!text.empty()) text += '\n';
      text += port_details_text(vswitch, port);
    }
    terminal.out() << text;
  });
}

Status show_counters(Client& client, const v1::VswitchReference& which,
                     std::optional<std::uint32_t> number, bool verbose, Terminal& terminal) {
  return get_vswitch(client, which).map([&](const v1::Vswitch& vswitch) {
    show_counters(vswitch, number, verbose, terminal);
  });
}

void show_counters(const v1::Vswitch& vswitch, std::optional<std::uint32_t> number, bool verbose,
                   Terminal& terminal) {
  terminal.out() << row_of(vswitch) << '\n'
                 << counters_text(counting_ports(vswitch, number), verbose);
}

}  // namespace hpvmnet::cli
