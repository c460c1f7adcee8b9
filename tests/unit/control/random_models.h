#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "unit/control/model_builder.h"

namespace hpvmnet {

/// A walk over valid models: each step is an edit, and most edits succeed.
class RandomModels {
 public:
  explicit RandomModels(std::uint64_t seed) : engine_(seed) {}

  const Model& model() const { return model_; }

  /// Tries one edit; returns its outcome.
  Status step() {
    switch (pick(16)) {
      case 0:
        return create_vswitch(model_, vswitch_name());
      case 1:
        return delete_vswitch(model_, named(vswitch_name()));
      case 2:
        return set_vswitch_up(model_, named(vswitch_name()), pick(2) == 0);
      case 3:
        return set_port_queue_pairs(model_, named(vswitch_name()), pick(6), pick(18));
      case 4:
        return set_port_vlan(model_, named(vswitch_name()), pick(6), vlan());
      case 5:
        return create_guest(model_, guest_name(), {request(), request()}, context_);
      case 6:
        return remove_guest(model_, guest_name());
      case 7:
        return change({.remove = {at(0, pick(3))}, .modify = {}, .add = {}});
      case 8:
        return change({.remove = {}, .modify = {at(0, pick(3), request())}, .add = {}});
      case 11:
        return set_backing(model_, named(vswitch_name()), backing());
      case 12:
        return set_multicast_policy(model_, named(vswitch_name()),
                                    static_cast<MulticastPolicy>(pick(3)));
      case 13:
        return set_filters(model_, named(vswitch_name()), filters());
      case 14:
        return set_mirror(model_, named(vswitch_name()), mirror());
      case 10:
        return set_port_trunk(model_, named(vswitch_name()), pick(6), pick(2) == 0 ? "" : "5,7-9");
      case 9:
        return set_port_rings(model_, named(vswitch_name()), pick(6), pick(2) == 0);
      default:
        return change({.remove = {}, .modify = {}, .add = {request()}});
    }
  }

 private:
  std::uint32_t pick(std::uint32_t below) { return static_cast<std::uint32_t>(engine_() % below); }

  Status change(const GuestChange& change) {
    return modify_guest(model_, guest_name(), change, context_);
  }

  std::string vswitch_name() { return pick(4) == 0 ? "localnet" : "sw" + std::to_string(pick(4)); }
  std::string guest_name() { return "guest" + std::to_string(pick(6)); }

  std::optional<std::uint32_t> vlan() {
    return pick(3) == 0 ? std::nullopt : std::optional(pick(4095));
  }

  std::optional<BackingRequest> backing() {
    if (pick(3) == 0) return std::nullopt;
    const auto vlan = pick(2) == 0 ? std::nullopt : std::optional(pick(6));
    return BackingRequest{"eth" + std::to_string(pick(3)), pick(2) == 0 ? "" : "packet", vlan};
  }

  std::vector<FilterSettings> filters() {
    std::vector<FilterSettings> some;
    for (std::uint32_t left = pick(3); left > 0; --left) {
      some.push_back({"filter" + std::to_string(pick(2)), pick(2) == 0 ? "" : "a(b)"});
    }
    return some;
  }

  std::optional<MirrorSettings> mirror() {
    if (pick(3) == 0) return std::nullopt;
    MirrorSettings settings;
    settings.port = static_cast<PortNumber>(pick(6));
    if (pick(2) == 0) settings.sources.insert(static_cast<PortNumber>(pick(6)));
    settings.egress = pick(2) == 0;
    if (pick(2) == 0) {  // as it is compiled
      settings.filter = {"ip", {{40, 0, 0, 12}, {21, 0, 1, 2048}, {6, 0, 0, 65557}, {6, 0, 0, 0}}};
    }
    return settings;
  }

  /// Few ports, so that guests meet on them.
  VnicRequest request() {
    const auto port = pick(3) == 0 ? std::nullopt : std::optional(pick(6));
    constexpr std::array kAdaptors{"lan", "avio_lan", "tap"};
    const auto made = vnic(kAdaptors[pick(kAdaptors.size())], vswitch_name(), port);
    return pick(4) == 0 ? to_endpoint(pick(2) == 0 ? "/x" : "", made) : made;
  }

  std::mt19937_64 engine_;
  Model model_ = initial_model();
  EditContext context_ = edit_context();
};

}  // namespace hpvmnet
