#include "web/overview.h"

#include <algorithm>
#include <chrono>

#include <unistd.h>

#include "rpc/convert.h"

namespace hpvmnet {
namespace {

constexpr std::uint64_t kMostEvents = 200;

void to_proto(const WorkerStatus& from, v1::WorkerOverview& to) {
  if (from.cpu) to.set_cpu(*from.cpu);
  to.set_busy_ns(from.busy_ns);
  to.set_total_ns(from.total_ns);
}

void to_proto(const Event& from, v1::EventEntry& to) {
  to.set_number(from.sequence);
  to.set_time(std::chrono::duration<double>(from.time.time_since_epoch()).count());
  to.set_kind(std::string(name_of(from.kind)));
  to.set_vswitch(from.vswitch);
  if (from.port) to.set_port(*from.port);
  to.set_guest(from.guest);
  to.set_text(from.text);
}

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
  for (const WorkerStatus& worker : survey.workers) to_proto(worker, *overview.add_workers());
  return overview;
}

v1::EventOverview make_event_overview(const EventJournal& journal, std::uint64_t sequence) {
  v1::EventOverview overview;
  overview.set_instance(journal.instance());
  const std::uint64_t newest = journal.newest();
  const std::uint64_t first = newest > kMostEvents ? newest - kMostEvents : 0;
  for (const Event& event : journal.since(std::max(sequence, first))) {
    to_proto(event, *overview.add_events());
  }
  return overview;
}

}  // namespace hpvmnet
