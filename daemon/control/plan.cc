#include "control/plan.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

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

/// The actions, sorted into the groups in which they run.
class Planner {
 public:
  explicit Planner(const HasRings& has_rings) : has_rings_(has_rings) {}

  void compare_vswitches(const Model& from, const Model& to) {
    for (const auto& [name, vswitch] : to.vswitches) {
      const auto before = from.vswitches.find(name);
      const bool added = before == from.vswitches.end();
      if (added) add_vswitches_.emplace_back(AddVswitch{name});
      const bool was_up = !added && before->second.up;
      if (vswitch.up != was_up) changes_.emplace_back(SetVswitchUp{name, vswitch.up});
    }
    for (const auto& [name, vswitch] : from.vswitches) {
      if (!to.vswitches.contains(name)) remove_vswitches_.emplace_back(RemoveVswitch{name});
    }
  }

  void compare_ports(const OpenPorts& from, const OpenPorts& to) {
    for (const auto& [port, state] : to) {
      const auto before = from.find(port);
      const auto& [vswitch, number] = port;
      if (before == from.end()) {
        opens_.emplace_back(open(port, state));
      } else if (must_reopen(before->second, state)) {
        replacements_.emplace_back(ClosePort{vswitch, number});
        replacements_.emplace_back(open(port, state));
      } else if (before->second.vlans != state.vlans) {
        changes_.emplace_back(SetPortVlans{vswitch, number, state.vlans});
      }
    }
    for (const auto& [port, state] : from) {
      if (!to.contains(port)) closes_.emplace_back(ClosePort{port.first, port.second});
    }
  }

  std::vector<Action> actions() && {
    std::vector<Action> all;
    for (auto* group :
         {&add_vswitches_, &opens_, &replacements_, &changes_, &closes_, &remove_vswitches_}) {
      std::ranges::move(*group, std::back_inserter(all));
    }
    return all;
  }

 private:
  static OpenPort open(const OpenPorts::key_type& port, const PortConfiguration& state) {
    return {port.first, port.second, state};
  }

  bool must_reopen(const PortConfiguration& from, const PortConfiguration& to) const {
    return from.adaptor != to.adaptor || from.endpoint != to.endpoint || from.mode != to.mode ||
           (from.packed_rings != to.packed_rings && has_rings_(to.adaptor));
  }

  const HasRings& has_rings_;
  std::vector<Action> add_vswitches_;
  std::vector<Action> opens_;
  std::vector<Action> replacements_;  ///< closes that make room, each before its open
  std::vector<Action> changes_;       ///< cannot fail
  std::vector<Action> closes_;
  std::vector<Action> remove_vswitches_;
};

}  // namespace

OpenPorts open_ports(const Model& model) {
  OpenPorts ports;
  for (const auto& [name, guest] : model.guests) {
    for (const Vnic& vnic : guest.vnics) {
      const PortSettings settings = settings_of(model, vnic.vswitch, vnic.port);
      PortConfiguration port{.adaptor = vnic.adaptor,
                             .vlans = vlans_of(settings.vlans),
                             .packed_rings = settings.packed_rings,
                             .endpoint = {},
                             .mode = {}};
      ports.try_emplace({vnic.vswitch, vnic.port}, std::move(port));
    }
  }
  for (const auto& [name, vswitch] : model.vswitches) {
    if (!vswitch.up || !vswitch.backing) continue;
    ports[{name, kUplinkPort}] = {.adaptor = kUplinkAdaptor,
                                  .vlans = vlans_of(*vswitch.backing),
                                  .packed_rings = false,
                                  .endpoint = vswitch.backing->interface,
                                  .mode = vswitch.backing->mode};
  }
  return ports;
}

std::vector<Action> plan(const Model& from, const Model& to, const HasRings& has_rings) {
  Planner planner(has_rings);
  planner.compare_vswitches(from, to);
  planner.compare_ports(open_ports(from), open_ports(to));
  return std::move(planner).actions();
}

}  // namespace hpvmnet
