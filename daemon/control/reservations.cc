#include "control/reservations.h"

namespace hpvmnet {

Reservations::Reservations(const Model& model) {
  for (const auto& [name, guest] : model.guests) {
    for (const Vnic& vnic : guest.vnics) {
      Reservation& port = by_vswitch_[vnic.vswitch][vnic.port];
      port.adaptor = vnic.adaptor;
      port.endpoint = vnic.endpoint;
      port.guests.emplace_back(name, vnic.mac);
    }
  }
}

const Reservations::OfVswitch& Reservations::of(const std::string& vswitch) const {
  static const OfVswitch none;
  const auto found = by_vswitch_.find(vswitch);
  return found == by_vswitch_.end() ? none : found->second;
}

const Reservation* Reservations::find(const std::string& vswitch, PortNumber port) const {
  const OfVswitch& ports = of(vswitch);
  const auto found = ports.find(port);
  return found == ports.end() ? nullptr : &found->second;
}

}  // namespace hpvmnet
