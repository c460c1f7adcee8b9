#include "control/address_owners.h"

#include <cstdint>
#include <map>

#include "control/port_status.h"

namespace hpvmnet {
namespace {

// By the addresses of their vNICs.
std::map<std::uint64_t, std::string> owners_of_addresses(const Model& model) {
  std::map<std::uint64_t, std::string> owners;
  for (const auto& [name, guest] : model.guests) {
    for (const Vnic& vnic : guest.vnics) owners.emplace(vnic.mac.value(), name);
  }
  return owners;
}

std::map<PortNumber, std::string> guests_on_ports(const Switchboard& board,
                                                  const Reservations& reservations,
                                                  const std::string& vswitch) {
  std::map<PortNumber, std::string> guests;
  for (const auto& [number, reservation] : reservations.of(vswitch)) {
    const LivePort* port = board.find_port(vswitch, number);
    if (port != nullptr) guests[number] = active_guest(board, *port, reservation);
  }
  return guests;
}

}  // namespace

void name_owners(const Switchboard& board, const Model& model, const Reservations& reservations,
                 const std::string& vswitch, std::vector<MacEntry>& entries) {
  const auto owners = owners_of_addresses(model);
  const auto ports = guests_on_ports(board, reservations, vswitch);
  for (MacEntry& entry : entries) {
    entry.vswitch = vswitch;
    const auto owner = owners.find(entry.mac.value());
    if (owner != owners.end()) {
      entry.guest = owner->second;
    } else if (const auto on = ports.find(entry.port); on != ports.end()) {
      entry.guest = on->second;
    }
  }
}

}  // namespace hpvmnet
