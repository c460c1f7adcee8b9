#include "web/overview.h"

#include <algorithm>
#include <chrono>

#include <unistd.h>

#include "rpc/convert.h"

namespace hpvmnet {
namespace {

void to_proto(const VswitchReading& from, v1::VswitchOverview& to) {
  PortCounters sum;
  PortCounters interface;
  std::uint32_t open = 0;
  std::uint32_t attached = 0;
  std::uint32_t blocked = 0;
  for (const PortReading& port : from.ports) {
    if (port.number == kUplinkPort) {
      interface = port.counters;
      continue;
    }
    sum += port.counters;
    ++open;
    attached += port.attached;
    blocked += port.blocked;
  }
  to.set_name(from.name);
  to.set_number(from.number);
  to.set_up(from.up);
  to.set_interface(from.interface);
  to.set_open_ports(open);
  to.set_attached_ports(attached);
  to.set_blocked_ports(blocked);
  to.set_mac_address_count(from.mac_addresses);
  to_proto(sum, *to.mutable_counters());
  if (!from.interface.empty()) to_proto(interface, *to.mutable_interface_counters());
}

}  // namespace

v1::Overview make_overview(const Survey& survey) {
  v1::Overview overview;
  char host[256] = {};
  ::gethostname(host, sizeof host - 1);
  overview.set_version(HPVMNET_VERSION);
  overview.set_host(host);
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  overview.set_time(std::chrono::duration<double>(now).count());
  std::vector<const VswitchReading*> by_number;
  for (const VswitchReading& vswitch : survey.vswitches) by_number.push_back(&vswitch);
  std::ranges::sort(by_number, {}, &VswitchReading::number);
  for (const VswitchReading* vswitch : by_number) to_proto(*vswitch, *overview.add_vswitches());
  return overview;
}

}  // namespace hpvmnet
