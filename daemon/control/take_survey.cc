#include "control/take_survey.h"

namespace hpvmnet {

std::vector<PortReading> Switchboard::read_ports(const std::string& vswitch) const {
  std::vector<PortReading> readings;
  const LiveVswitch* on = find(vswitch);
  if (on == nullptr) return readings;
  readings.reserve(on->ports.size());
  for (const auto& [number, port] : on->ports) {
    readings.push_back({number, port->peer_present(), port->blocked(), port->counters()});
  }
  return readings;
}

Survey take_survey(const Model& model, const Switchboard& board) {
  Survey survey;
  for (const auto& [name, vswitch] : model.vswitches) {
    survey.vswitches.push_back({.name = name,
                                .number = vswitch.number,
                                .up = vswitch.up,
                                .mac_addresses = board.mac_count(name),
                                .interface = vswitch.backing ? vswitch.backing->interface : "",
                                .ports = board.read_ports(name)});
  }
  for (const auto& [name, guest] : model.guests) {
    for (const Vnic& vnic : guest.vnics) {
      survey.vnics.push_back({name, vnic.adaptor, vnic.mac, vnic.vswitch, vnic.port});
    }
  }
  return survey;
}

}  // namespace hpvmnet
