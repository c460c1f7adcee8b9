#include "control/model_changes.h"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace hpvmnet {
namespace {

/// An object of the model, as events name it.
struct Subject {
  std::string vswitch{};
  std::optional<PortNumber> port{};
  std::string guest{};
};

class Changes {
 public:
  void add(const Subject& of, std::string text, EventKind kind = EventKind::configuration_changed) {
    events_.push_back({.kind = kind,
                       .vswitch = of.vswitch,
                       .port = of.port,
                       .guest = of.guest,
                       .text = std::move(text)});
  }

  void compare_vswitches(const Vswitch& from, const Vswitch& to);
  void compare_guests(const Guest& from, const Guest& to);

  std::vector<Event> take() && { return std::move(events_); }

 private:
  void compare_ports(const Vswitch& from, const Vswitch& to);
  void compare_settings(const Subject& port, const PortSettings& from, const PortSettings& to);

  std::vector<Event> events_;
};

std::string place_of(const Vnic& vnic) {
  return fmt::format("port {} of vswitch {}", vnic.port, vnic.vswitch);
}

std::string backing_text(const std::string& vswitch, const std::optional<Backing>& backing) {
  if (!backing) return fmt::format("vswitch {} has no backing interface any longer", vswitch);
  const auto vlan = backing->vlan ? fmt::format("VLAN {} of ", *backing->vlan) : std::string();
  return fmt::format("the backing interface of vswitch {} is {}{}", vswitch, vlan,
                     backing->interface);
}

std::string_view policy_text(MulticastPolicy policy) {
  switch (policy) {
    case MulticastPolicy::flood:
      return "flooded";
    case MulticastPolicy::snoop:
      return "for those who asked, and for everybody where nobody has";
    case MulticastPolicy::strict:
      return "for those who asked";
  }
  return {};
}

std::string filters_text(const std::vector<FilterSettings>& filters) {
  std::string text;
  for (const auto& [name, arguments] : filters) {
    text += fmt::format("{}{}({})", text.empty() ? "" : ", ", name, arguments);
  }
  return text.empty() ? "none" : text;
}

std::string mirror_text(const std::string& vswitch, const std::optional<MirrorSettings>& mirror) {
  if (!mirror) return fmt::format("frames of vswitch {} are not mirrored any longer", vswitch);
  return fmt::format("frames of vswitch {} are mirrored to port {}", vswitch, mirror->port);
}

void Changes::compare_settings(const Subject& port, const PortSettings& from,
                               const PortSettings& to) {
  if (from == to) return;
  const std::size_t before = events_.size();
  const std::string where = fmt::format("port {} of vswitch {}", *port.port, port.vswitch);
  if (const auto vlan = to.vlans.untagged; vlan != from.vlans.untagged) {
    add(port, vlan ? fmt::format("{} is in VLAN {}", where, *vlan)
                   : fmt::format("{} is in no VLAN", where));
  }
  if (to.vlans.trunk != from.vlans.trunk) {
    add(port, to.vlans.trunk.any()
                  ? fmt::format("{} is a trunk of VLANs {}", where, to.vlans.trunk.text())
                  : fmt::format("{} is no trunk any longer", where));
  }
  if (to.queue_pairs != from.queue_pairs) {
    add(port, fmt::format("{} is to have {} pairs of queues", where, to.queue_pairs));
  }
  if (to.packed_rings != from.packed_rings) {
    add(port, fmt::format("{} offers {} rings", where, to.packed_rings ? "packed" : "split"));
  }
  if (events_.size() == before) add(port, fmt::format("the settings of {} have changed", where));
}

void Changes::compare_ports(const Vswitch& from, const Vswitch& to) {
  for (const auto& [number, settings] : to.ports) {
    const auto before = from.ports.find(number);
    compare_settings({.vswitch = to.name, .port = number},
                     before == from.ports.end() ? PortSettings{} : before->second, settings);
  }
  for (const auto& [number, settings] : from.ports) {
    if (to.ports.contains(number)) continue;
    compare_settings({.vswitch = to.name, .port = number}, settings, {});
  }
}

void Changes::compare_vswitches(const Vswitch& from, const Vswitch& to) {
  if (from == to) return;
  const std::size_t before = events_.size();
  const Subject vswitch{.vswitch = to.name};
  if (to.backing != from.backing) add(vswitch, backing_text(to.name, to.backing));
  if (to.multicast != from.multicast) {
    add(vswitch, fmt::format("multicast of vswitch {} is {}", to.name, policy_text(to.multicast)));
  }
  if (to.filters != from.filters) {
    add(vswitch,
        fmt::format("the filters of vswitch {} are: {}", to.name, filters_text(to.filters)));
  }
  if (to.mirror != from.mirror) add(vswitch, mirror_text(to.name, to.mirror));
  compare_ports(from, to);
  if (to.up != from.up) {
    add(vswitch, fmt::format("vswitch {} is {}", to.name, to.up ? "up" : "down"),
        to.up ? EventKind::vswitch_booted : EventKind::vswitch_halted);
  }
  if (events_.size() == before) {
    add(vswitch, fmt::format("the settings of vswitch {} have changed", to.name));
  }
}

void Changes::compare_guests(const Guest& from, const Guest& to) {
  const auto has = [](const Guest& guest, const Vnic& vnic) {
    return std::ranges::find(guest.vnics, vnic) != guest.vnics.end();
  };
  for (const Vnic& vnic : from.vnics) {
    if (has(to, vnic)) continue;
    add({.vswitch = vnic.vswitch, .port = vnic.port, .guest = from.name},
        fmt::format("guest {} has no vNIC {} on {} any longer", from.name, vnic.mac.dashed(),
                    place_of(vnic)));
  }
  for (const Vnic& vnic : to.vnics) {
    if (has(from, vnic)) continue;
    add({.vswitch = vnic.vswitch, .port = vnic.port, .guest = to.name},
        fmt::format("guest {} has a vNIC {} ({}) on {}", to.name, vnic.mac.dashed(), vnic.adaptor,
                    place_of(vnic)));
  }
}

}  // namespace

std::vector<Event> changes_between(const Model& from, const Model& to) {
  Changes changes;
  for (const auto& [name, vswitch] : to.vswitches) {
    const auto before = from.vswitches.find(name);
    if (before != from.vswitches.end()) {
      changes.compare_vswitches(before->second, vswitch);
      continue;
    }
    changes.add({.vswitch = name}, fmt::format("vswitch {} was made", name));
    Vswitch plain;
    plain.name = name;
    plain.number = vswitch.number;
    changes.compare_vswitches(plain, vswitch);
  }
  for (const auto& [name, guest] : to.guests) {
    const auto before = from.guests.find(name);
    if (before == from.guests.end()) {
      changes.add({.guest = name}, fmt::format("guest {} was made", name));
    }
    changes.compare_guests(before == from.guests.end() ? Guest{} : before->second, guest);
  }
  for (const auto& [name, guest] : from.guests) {
    if (to.guests.contains(name)) continue;
    changes.compare_guests(guest, {});
    changes.add({.guest = name}, fmt::format("guest {} was removed", name));
  }
  for (const auto& [name, vswitch] : from.vswitches) {
    if (to.vswitches.contains(name)) continue;
    changes.add({.vswitch = name}, fmt::format("vswitch {} was removed", name));
  }
  return std::move(changes).take();
}

}  // namespace hpvmnet
