#include "control/open_ports.h"

namespace hpvmnet {
namespace {

PortVlans vlans_of(const PortVlanSettings& settings) {
  const Domain otherwise = settings.trunk.any() ? kNoDomain : kNoVlan;
  return {.untagged = settings.untagged.value_or(otherwise), .tagged = settings.trunk};
}

PortVlans vlans_of(const Backing& backing) {
  if (backing.vlan) return {.untagged = kNoDomain, .tagged = {}, .backing = *backing.vlan};
  return {.untagged = kNoVlan, .tagged = VlanSet::all()};
}

PortConfiguration configuration_of(const Vnic& vnic, const PortSettings& settings,
                                   const PortTraits& traits) {
  PortConfiguration port;
  port.adaptor = vnic.adaptor;
  port.endpoint = vnic.endpoint;
  if (traits.mac) port.mac = vnic.mac;
  port.vlans = vlans_of(settings.vlans);
  port.packed_rings = traits.rings && settings.packed_rings;
  if (traits.queue_pairs) port.queue_pairs = settings.queue_pairs;
  return port;
}

}  // namespace

PortConfiguration configuration_of(const Backing& backing) {
  PortConfiguration port;
  port.adaptor = kUplinkAdaptor;
  port.endpoint = backing.interface;
  port.mode = backing.mode;
  port.vlans = vlans_of(backing);
  return port;
}

OpenPorts open_ports(const Model& model, const TraitsOf& traits_of) {
  OpenPorts ports;
  for (const auto& [name, guest] : model.guests) {
    for (const Vnic& vnic : guest.vnics) {
      const auto [port, first] = ports.try_emplace({vnic.vswitch, vnic.port});
      if (first) {
        port->second = configuration_of(vnic, settings_of(model, vnic.vswitch, vnic.port),
                                        traits_of(vnic.adaptor));
      } else {
        port->second.mac.reset();
      }
    }
  }
  for (const auto& [name, vswitch] : model.vswitches) {
    if (!vswitch.up || !vswitch.backing) continue;
    ports[{name, kUplinkPort}] = configuration_of(*vswitch.backing);
  }
  return ports;
}

bool stays_open(const PortConfiguration& from, const PortConfiguration& to) {
  PortConfiguration in_place = from;
  in_place.vlans = to.vlans;
  return in_place == to;
}

}  // namespace hpvmnet
