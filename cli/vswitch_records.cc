#include "cli/vswitch_records.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/filter_list.h"
#include "cli/mirror_words.h"
#include "cli/multicast_policy.h"
#include "cli/vswitch_words.h"

namespace hpvmnet::cli {
namespace {

Record::Fields identity_of(const v1::Vswitch& vswitch) {
  return {{"name", vswitch.name()}, {"number", std::to_string(vswitch.number())}};
}

Record port_record(const v1::Port& port) {
  Record record{"port", {{"number", port_number_text(port.number())}}, {}, {}};
  record.fields = {{"state", state_text(port)},
                   {"adaptor", port.adaptor()},
                   {"vlan", vlan_text(port)},
                   {"reserved_count", std::to_string(port.reserved_by_size())},
                   {"active_guest", port.active_guest()},
                   {"reserved_by", fmt::format("{}", fmt::join(port.reserved_by(), ","))},
                   {"trunk", trunk_text(port)},
                   {"queue_pairs", std::to_string(std::max(1U, port.queue_pairs()))},
                   {"rings", rings_text(port)},
                   {"blocked", port.blocked() ? "yes" : "no"},
                   {"socket", port.socket()},
                   {"endpoint", port.endpoint()},
                   {"workers", fmt::format("{}", fmt::join(port.workers(), ","))}};
  return record;
}

Record counter_record(const v1::Port& port) {
  const v1::PortCounters& counted = port.counters();
  Record record{"counters", {{"port", port_number_text(port.number())}}, {}, {}};
  record.fields = {{"active_guest", port.active_guest()},
                   {"ingress_frames", std::to_string(counted.ingress_frames())},
                   {"ingress_bytes", std::to_string(counted.ingress_bytes())},
                   {"ingress_bursts", std::to_string(counted.ingress_bursts())},
                   {"egress_frames", std::to_string(counted.egress_frames())},
                   {"egress_bytes", std::to_string(counted.egress_bytes())},
                   {"egress_bursts", std::to_string(counted.egress_bursts())},
                   {"dropped_frames", std::to_string(dropped(counted))}};
  for (const v1::DropCounter& drop : counted.drops()) {
    record.parts.push_back(
        {"drop",
         {{"reason", drop.reason()}},
         {{"frames", std::to_string(drop.frames())}, {"description", drop.description()}},
         {}});
  }
  return record;
}

}  // namespace

Record vswitch_record(const v1::Vswitch& vswitch) {
  Record record = ports_record(vswitch, vswitch.ports());
  record.fields = {{"state", state_text(vswitch)},
                   {"mode", kMode},
                   {"ppa", vswitch.backing().interface()},
                   {"mac_address", mac_text(vswitch)},
                   {"ip_address", ip_text(vswitch)},
                   {"backing_vlan", vswitch.has_backing() ? vlan_text(vswitch.backing()) : ""},
                   {"backing_mode", vswitch.backing().mode_in_use()},
                   {"backing_remark", vswitch.backing().remark()},
                   {"learnt_addresses", std::to_string(vswitch.mac_address_count())},
                   {"multicast", std::string(multicast_policy_text(vswitch.multicast()))},
                   {"mirror", vswitch.has_mirror() ? mirror_text(vswitch.mirror()) : ""},
                   {"filters", vswitch.filters().empty() ? "" : filter_list_text(vswitch)}};
  return record;
}

Record ports_record(const v1::Vswitch& vswitch, const PortList& ports) {
  Record record{"vswitch", identity_of(vswitch), {}, {}};
  std::ranges::transform(ports, std::back_inserter(record.parts), port_record);
  return record;
}

Record counters_record(const v1::Vswitch& vswitch, const PortList& ports) {
  Record record{"vswitch", identity_of(vswitch), {}, {}};
  std::ranges::transform(ports, std::back_inserter(record.parts), counter_record);
  return record;
}

}  // namespace hpvmnet::cli
