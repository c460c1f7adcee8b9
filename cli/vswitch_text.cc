#include "cli/vswitch_text.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/filter_list.h"
#include "cli/mirror_words.h"
#include "cli/multicast_policy.h"
#include "cli/table.h"
#include "cli/values.h"
#include "cli/vswitch_words.h"

namespace hpvmnet::cli {
namespace {

using Align = Table::Align;

std::string per_burst_text(std::uint64_t frames, std::uint64_t bursts) {
  return bursts == 0
             ? "-"
             : fmt::format("{:.1f}", static_cast<double>(frames) / static_cast<double>(bursts));
}

Table::Column number_column(const char* heading, std::size_t width) {
  return {heading, width, Align::right, Align::right};
}

std::string traffic_text(const PortList& ports, bool bursts) {
  std::vector<Table::Column> columns{{"Port\nNumber", 7},
                                     {"Active VM", 12},
                                     number_column("Ingress\nFrames", 11),
                                     number_column("Ingress\nBytes", 13),
                                     number_column("Egress\nFrames", 11),
                                     number_column("Egress\nBytes", 13),
                                     number_column("Dropped\nFrames", 7)};
  if (bursts) {
    columns.push_back(number_column("Ingress\nBurst", 7));
    columns.push_back(number_column("Egress\nBurst", 7));
  }
  Table table(std::move(columns));
  for (const v1::Port& port : ports) {
    const v1::PortCounters& counted = port.counters();
    std::vector<std::string> cells{
        port_number_text(port.number()),          port.active_guest(),
        std::to_string(counted.ingress_frames()), std::to_string(counted.ingress_bytes()),
        std::to_string(counted.egress_frames()),  std::to_string(counted.egress_bytes()),
        std::to_string(dropped(counted))};
    if (bursts) {
      cells.push_back(per_burst_text(counted.ingress_frames(), counted.ingress_bursts()));
      cells.push_back(per_burst_text(counted.egress_frames(), counted.egress_bursts()));
    }
    table.add(std::move(cells));
  }
  return "[Port Statistics]\n" + table.text();
}

std::string drops_text(const PortList& ports) {
  Table table({{"Port\nNumber", 7},
               number_column("Dropped\nFrames", 11),
               {"Reason", 16},
               {"Description", 42}});
  for (const v1::Port& port : ports) {
    for (const v1::DropCounter& drop : port.counters().drops()) {
      table.add({port_number_text(port.number()), std::to_string(drop.frames()), drop.reason(),
                 drop.description()});
    }
  }
  return "[Dropped Frames]\n" + table.text();
}

}  // namespace

std::string summary_text(std::span<const v1::Vswitch* const> vswitches) {
  Table table({{"Name", 8},
               {"Number", 6, Align::right},
               {"State", 7},
               {"Mode", 9},
               {"NamePPA", 8},
               {"MAC Address", 14},
               {"IP Address", 15}});
  for (const v1::Vswitch* vswitch : vswitches) {
    table.add({vswitch->name(), std::to_string(vswitch->number()), state_text(*vswitch), kMode,
               vswitch->backing().interface(), mac_text(*vswitch), ip_text(*vswitch)});
  }
  return table.text();
}

std::string port_configuration_text(const PortList& ports) {
  Table table({{"Port\nNumber", 7},
               {"Port\nState", 12},
               {"Port\nAdaptor", 8},
               {"Untagged\nVLANID", 8},
               {"Number of\nReserved VMs", 12},
               {"Active VM", 12}});
  for (const v1::Port& port : ports) {
    table.add({std::to_string(port.number()), state_text(port), port.adaptor(), vlan_text(port),
               std::to_string(port.reserved_by_size()), port.active_guest()});
  }
  return "[Port Configuration Details]\n" + table.text();
}

std::string vswitch_details_text(const v1::Vswitch& vswitch) {
  Labelled lines{{"Vswitch Name", vswitch.name()},
                 {"Number", std::to_string(vswitch.number())},
                 {"State", state_text(vswitch)},
                 {"Mode", kMode},
                 {"NamePPA", vswitch.backing().interface()},
                 {"MAC Address", mac_text(vswitch)},
                 {"IP Address", ip_text(vswitch)},
                 {"Max Number of Ports", std::to_string(kPortsPerVswitch)},
                 {"Learnt MAC Addresses", std::to_string(vswitch.mac_address_count())},
                 {"Multicast", std::string(multicast_policy_text(vswitch.multicast()))},
                 {"Filters", filter_list_text(vswitch)}};
  for (const v1::Filter& filter : vswitch.filters()) {
    if (filter.remark().empty()) continue;
    lines.emplace_back("Filter Remark", fmt::format("{}: {}; every frame is dropped", filter.name(),
                                                    filter.remark()));
  }
  if (vswitch.has_mirror()) lines.emplace_back("Mirror", mirror_text(vswitch.mirror()));
  if (vswitch.has_backing()) {
    const v1::Backing& backing = vswitch.backing();
    lines.emplace_back("Backing VLAN", vlan_text(backing));
    lines.emplace_back("Backing Mode",
                       backing.mode_in_use().empty() ? "not in use" : backing.mode_in_use());
    if (!backing.remark().empty()) lines.emplace_back("Backing Remark", backing.remark());
  }
  return aligned_text(lines);
}

std::string multicast_groups_text(const v1::Vswitch& vswitch) {
  Table table({{"VLANID", 8}, {"Multicast\nGroup", 15}, {"Port\nNumbers", 12}});
  for (const v1::MulticastGroup& group : vswitch.multicast_groups()) {
    table.add({group.has_vlan_id() ? std::to_string(group.vlan_id()) : "none", group.address(),
               fmt::format("{}", fmt::join(group.ports(), " "))});
  }
  return "[Multicast Groups]\n" + table.text();
}

std::string port_details_text(const v1::Vswitch& vswitch, const v1::Port& port) {
  return aligned_text(
      {{"Vswitch Name", vswitch.name()},
       {"Max Number of Ports", std::to_string(kPortsPerVswitch)},
       {"Port Number", std::to_string(port.number())},
       {"Port State", state_text(port) + (port.blocked() ? " (blocked: a loop)" : "")},
       {"Port Adaptor", port.adaptor()},
       {"Active VM", port.active_guest()},
       {"Untagged VlanId", vlan_text(port)},
       {"Trunk VLANs", trunk_text(port)},
       {"Reserved VMs", fmt::format("{}", fmt::join(port.reserved_by(), " "))},
       {"Socket", port.socket()},
       {"Endpoint", port.endpoint()},
       {"Queue Pairs", std::to_string(std::max(1U, port.queue_pairs()))},
       {"Rings", rings_text(port)},
       {"Workers", fmt::format("{}", fmt::join(port.workers(), " "))}});
}

std::string counters_text(const PortList& ports, bool bursts) {
  const std::string traffic = traffic_text(ports, bursts);
  for (const v1::Port& port : ports) {
    if (port.counters().drops_size() > 0) return traffic + '\n' + drops_text(ports);
  }
  return traffic;
}

}  // namespace hpvmnet::cli
