#include "control/take_survey.h"

namespace hpvmnet {

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
