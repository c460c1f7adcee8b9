#include "control/port_status.h"

#include <algorithm>

namespace hpvmnet {

std::string active_guest(const Switchboard& board, const LivePort& port,
                         const Reservation& reservation) {
  if (!port.peer_present()) return {};
  if (reservation.guests.size() == 1) return reservation.guests.front().first;
  for (const auto& [name, mac] : reservation.guests) {
    if (board.seen_on_port(port, mac)) return name;
  }
  return {};
}

PortStatus status_of_port(const Switchboard& board, const FindAdaptor& find_adaptor,
                          const Vswitch& vswitch, PortNumber number,
                          const Reservation& reservation) {
  PortStatus status;
  status.number = number;
  status.adaptor = reservation.adaptor;
  if (const auto settings = vswitch.ports.find(number); settings != vswitch.ports.end()) {
    status.vlan = settings->second.vlans.untagged;
    status.trunk = settings->second.vlans.trunk.text();
    status.queue_pairs = settings->second.queue_pairs;
    status.packed_rings = settings->second.packed_rings;
  }
  if (reservation.guests.empty()) return status;
  for (const auto& [name, mac] : reservation.guests) status.reserved.push_back(name);
  status.state = PortState::reserved;
  PortConfiguration configuration;
  configuration.endpoint = reservation.endpoint;
  if (const Adaptor* adaptor = find_adaptor(reservation.adaptor)) {
    const PortSpec spec = board.spec_of(vswitch.name, number, configuration);
    status.socket = adaptor->socket(spec).string();
    status.endpoint = adaptor->endpoint(spec);
  }
  const LivePort* port = board.find_port(vswitch.name, number);
  if (port == nullptr) return status;
  status.counters = port->counters();
  status.cleared = port->cleared();
  status.workers = board.workers_of(*port);
  status.blocked = port->blocked();
  status.active = active_guest(board, *port, reservation);
  if (port->peer_present()) status.state = vswitch.up ? PortState::active : PortState::down;
  return status;
}

namespace {

VswitchTraffic traffic_of_one(const Switchboard& board, const Vswitch& vswitch,
                              const Reservations& reservations) {
  VswitchTraffic traffic{.name = vswitch.name, .ports = {}};
  for (const auto& [number, reservation] : reservations.of(vswitch.name)) {
    const LivePort* port = board.find_port(vswitch.name, number);
    if (port == nullptr) continue;
    traffic.ports.push_back({.number = number,
                             .guest = active_guest(board, *port, reservation),
                             .adaptor = reservation.adaptor,
                             .active = port->peer_present(),
                             .workers = board.workers_of(*port),
                             .counters = port->counters()});
  }
  const LivePort* uplink = board.find_port(vswitch.name, kUplinkPort);
  if (uplink == nullptr) return traffic;
  traffic.ports.push_back({.number = kUplinkPort,
                           .guest = {},
                           .adaptor = kUplinkAdaptor,
                           .active = uplink->peer_present(),
                           .workers = board.workers_of(*uplink),
                           .counters = uplink->counters()});
  return traffic;
}

}  // namespace

std::vector<VswitchTraffic> traffic_of(const Switchboard& board, const Model& model,
                                       const std::vector<std::string>& vswitches,
                                       const Reservations& reservations) {
  std::vector<VswitchTraffic> all;
  for (const auto& [name, vswitch] : model.vswitches) {
    if (!vswitches.empty() && std::ranges::find(vswitches, name) == vswitches.end()) continue;
    all.push_back(traffic_of_one(board, vswitch, reservations));
  }
  return all;
}

std::vector<WorkerStatus> workers_of(const Switchboard& board) {
  std::vector<WorkerStatus> workers;
  for (const WorkerLoad& load : board.worker_loads()) {
    workers.push_back({load.cpu, static_cast<std::uint64_t>(load.busy.count()),
                       static_cast<std::uint64_t>(load.total.count())});
  }
  return workers;
}

}  // namespace hpvmnet
