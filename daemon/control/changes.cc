#include "control/changes.h"

#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "control/rules.h"

namespace hpvmnet {
namespace {

std::string text_of(const std::optional<Backing>& backing) {
  if (!backing) return "none";
  std::string text = backing->interface;
  if (backing->vlan) text += fmt::format(", VLAN {}", *backing->vlan);
  if (!backing->mode.empty()) text += fmt::format(", mode {}", backing->mode);
  return text;
}

std::string text_of(const std::vector<FilterSettings>& filters) {
  if (filters.empty()) return "none";
  std::vector<std::string> texts;
  for (const auto& [name, arguments] : filters) {
    texts.push_back(arguments.empty() ? name : fmt::format("{}({})", name, arguments));
  }
  return fmt::format("{}", fmt::join(texts, ","));
}

std::string text_of(const std::optional<MirrorSettings>& mirror) {
  if (!mirror) return "none";
  const std::string sources =
      mirror->sources.empty() ? "all" : fmt::format("{}", fmt::join(mirror->sources, ","));
  return fmt::format("port {}, {}{} of {}{}{}", mirror->port, mirror->ingress ? "ingress" : "",
                     mirror->egress ? (mirror->ingress ? " and egress" : "egress") : "", sources,
                     mirror->filter.text.empty() ? "" : ", only ", mirror->filter.text);
}

std::string_view text_of(MulticastPolicy policy) {
  switch (policy) {
    case MulticastPolicy::flood:
      return "flood";
    case MulticastPolicy::strict:
      return "strict";
    case MulticastPolicy::snoop:
      break;
  }
  return "snoop";
}

std::string text_of(const std::optional<VlanId>& vlan) {
  return vlan ? std::to_string(*vlan) : "none";
}

std::string trunk_text(const PortSettings& settings) {
  return settings.vlans.trunk.any() ? settings.vlans.trunk.text() : "none";
}

std::string_view rings_text(const PortSettings& settings) {
  return settings.packed_rings ? "packed" : "split";
}

std::string place(const Vnic& vnic) {
  return fmt::format("port {} of vswitch {}", vnic.port, quoted(vnic.vswitch));
}

std::string name_of(const Guest& guest, const Vnic& vnic) {
  return fmt::format("vNIC {},{} of guest {}", vnic.bus, vnic.device, quoted(guest.name));
}

/// The values that differ: "VLAN 5 instead of none, queues 2 instead of 1".
class Differences {
 public:
  template <class Value>
  void add(std::string_view what, const Value& from, const Value& to) {
    if (from != to) texts_.push_back(fmt::format("{} {} instead of {}", what, to, from));
  }
  bool any() const { return !texts_.empty(); }
  std::string text() const { return fmt::format("{}", fmt::join(texts_, ", ")); }

 private:
  std::vector<std::string> texts_;
};

class Describer {
 public:
  void vswitches(const Model& from, const Model& to) {
    for (const auto& [name, vswitch] : from.vswitches) {
      if (!to.vswitches.contains(name)) say("delete vswitch {}", quoted(name));
    }
    for (const auto& [name, vswitch] : to.vswitches) {
      const auto before = from.vswitches.find(name);
      if (before == from.vswitches.end()) {
        say("create vswitch {}", quoted(name));
        differences(Vswitch{}, vswitch);
      } else {
        differences(before->second, vswitch);
      }
    }
  }

  void guests(const Model& from, const Model& to) {
    for (const auto& [name, guest] : from.guests) {
      if (!to.guests.contains(name)) say("delete guest {}", quoted(name));
    }
    for (const auto& [name, guest] : to.guests) {
      const auto before = from.guests.find(name);
      if (before == from.guests.end()) say("create guest {}", quoted(name));
      vnics(before == from.guests.end() ? Guest{} : before->second, guest);
    }
  }

  std::vector<std::string> take() { return std::move(texts_); }

 private:
  template <class... Values>
  void say(fmt::format_string<Values...> format, Values&&... values) {
    texts_.push_back(fmt::format(format, std::forward<Values>(values)...));
  }

  void differences(const Vswitch& from, const Vswitch& to) {
    const std::string name = quoted(to.name);
    if (from.backing != to.backing) {
      say("back vswitch {} with {} instead of {}", name, text_of(to.backing),
          text_of(from.backing));
    }
    if (from.multicast != to.multicast) {
      say("set multicast of vswitch {} to {} instead of {}", name, text_of(to.multicast),
          text_of(from.multicast));
    }
    if (from.filters != to.filters) {
      say("set filters of vswitch {} to {} instead of {}", name, text_of(to.filters),
          text_of(from.filters));
    }
    if (from.mirror != to.mirror) {
      say("set mirror of vswitch {} to {} instead of {}", name, text_of(to.mirror),
          text_of(from.mirror));
    }
    ports(from, to);
    if (from.up != to.up) say("{} vswitch {}", to.up ? "boot" : "halt", name);
  }

  void ports(const Vswitch& from, const Vswitch& to) {
    std::set<PortNumber> numbers;
    for (const auto& [number, settings] : from.ports) numbers.insert(number);
    for (const auto& [number, settings] : to.ports) numbers.insert(number);
    for (const PortNumber number : numbers) {
      const PortSettings before = settings(from, number);
      const PortSettings after = settings(to, number);
      Differences all;
      all.add("VLAN", text_of(before.vlans.untagged), text_of(after.vlans.untagged));
      all.add("trunk", trunk_text(before), trunk_text(after));
      all.add("queues", before.queue_pairs, after.queue_pairs);
      all.add("rings", rings_text(before), rings_text(after));
      if (all.any()) say("set port {} of vswitch {}: {}", number, quoted(to.name), all.text());
    }
  }

  static PortSettings settings(const Vswitch& vswitch, PortNumber number) {
    const auto found = vswitch.ports.find(number);
    return found == vswitch.ports.end() ? PortSettings{} : found->second;
  }

  // vNICs are known by their position.
  void vnics(const Guest& from, const Guest& to) {
    for (const Vnic& vnic : from.vnics) {
      if (find(to, vnic) == nullptr) say("remove {} from {}", name_of(to, vnic), place(vnic));
    }
    for (const Vnic& vnic : to.vnics) {
      const Vnic* before = find(from, vnic);
      if (before == nullptr) {
        say("add {}: {} on {}", name_of(to, vnic), vnic.adaptor, place(vnic));
        continue;
      }
      Differences all;
      all.add("adaptor", before->adaptor, vnic.adaptor);
      all.add("MAC", before->mac.dashed(), vnic.mac.dashed());
      all.add("place", place(*before), place(vnic));
      all.add("endpoint", quoted(before->endpoint), quoted(vnic.endpoint));
      if (all.any()) say("change {}: {}", name_of(to, vnic), all.text());
    }
  }

  static const Vnic* find(const Guest& guest, const Vnic& like) {
    const auto found = std::ranges::find_if(guest.vnics, [&](const Vnic& vnic) {
      return vnic.bus == like.bus && vnic.device == like.device;
    });
    return found == guest.vnics.end() ? nullptr : &*found;
  }

  std::vector<std::string> texts_;
};

}  // namespace

std::vector<std::string> describe_changes(const Model& from, const Model& to) {
  Describer describer;
  describer.vswitches(from, to);
  describer.guests(from, to);
  return describer.take();
}

}  // namespace hpvmnet
