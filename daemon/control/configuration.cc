#include "control/configuration.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "control/rules.h"
#include "control/vnic_pairing.h"
#include "control/vnics.h"

namespace hpvmnet {
namespace {

VswitchName named(const std::string& name) { return {.name = name, .number = 0}; }

/// The error with the place that it is about.
Status at(const std::string& source, Status status) {
  if (status || source.empty()) return status;
  return fail(status.error().code, fmt::format("{}: {}", source, status.error().text));
}

template <class Part>
Status check_unique(const std::vector<Part>& parts, std::string_view kind) {
  std::set<std::string> names;
  for (const Part& part : parts) {
    if (names.insert(part.name).second) continue;
    return at(part.source,
              fail(ErrorCode::invalid_argument,
                   fmt::format("{} {} is there twice; join the two", kind, quoted(part.name))));
  }
  return {};
}

template <class Part>
std::set<std::string> names_of(const std::vector<Part>& parts) {
  std::set<std::string> names;
  for (const Part& part : parts) names.insert(part.name);
  return names;
}

BackingRequest request_of(const Backing& backing) {
  return {backing.interface, backing.mode, backing.vlan};
}

VnicRequest request_of(const Vnic& vnic) {
  return {.adaptor = vnic.adaptor,
          .bus = vnic.bus,
          .device = vnic.device,
          .mac = vnic.mac,
          .vswitch = vnic.vswitch,
          .port = vnic.port,
          .endpoint = vnic.endpoint};
}

// One use: brings a copy of the model to what is wanted.
class Editor {
 public:
  Editor(Model& model, const Configuration& wanted, const EditContext& context)
      : model_(model), wanted_(wanted), context_(context) {}

  Status run() {
    for (const auto step : {&Editor::check, &Editor::make_room, &Editor::set_vswitches,
                            &Editor::set_guests, &Editor::remove_vswitches}) {
      if (auto status = (this->*step)(); !status) return status;
    }
    return {};
  }

 private:
  Status check() {
    return check_unique(wanted_.vswitches, "vswitch")
        .and_then([&] { return check_unique(wanted_.guests, "guest"); })
        .and_then([&] { return check_places(); });
  }

  // Vswitches that are about to go are none to be on.
  Status check_places() const {
    if (wanted_.keep_others) return {};
    const auto vswitches = names_of(wanted_.vswitches);
    for (const auto& guest : wanted_.guests) {
      for (const VnicRequest& vnic : guest.vnics) {
        const std::string& name = vnic.vswitch;
        if (name.empty() || name == kLocalnet || vswitches.contains(name)) continue;
        return at(guest.source,
                  fail(ErrorCode::not_found,
                       fmt::format("guest {} has a vNIC on vswitch {}, which the configuration "
                                   "does not name; add the vswitch to it",
                                   quoted(guest.name), quoted(name))));
      }
    }
    return {};
  }

  // Removes first what others may be about to take: guests, and backing interfaces.
  Status make_room() {
    const auto guests = names_of(wanted_.guests);
    const auto vswitches = names_of(wanted_.vswitches);
    if (!wanted_.keep_others) {
      std::erase_if(model_.guests, [&](const auto& each) { return !guests.contains(each.first); });
    }
    for (auto& [name, vswitch] : model_.vswitches) {
      if (!wanted_.keep_others || vswitches.contains(name)) vswitch.backing.reset();
    }
    return {};
  }

  Status set_vswitches() {
    for (const auto& wanted : wanted_.vswitches) {
      if (model_.vswitches.contains(wanted.name)) continue;
      if (auto status = at(wanted.source, create_vswitch(model_, wanted.name)); !status) {
        return status;
      }
    }
    for (const auto& wanted : wanted_.vswitches) {
      if (auto status = set(wanted); !status) return status;
    }
    if (wanted_.keep_others || names_of(wanted_.vswitches).contains(kLocalnet)) return {};
    return set({.name = kLocalnet});
  }

  Status set(const Configuration::Vswitch& wanted) {
    const VswitchName which = named(wanted.name);
    const Status set =
        set_vswitch_up(model_, which, wanted.up)
            .and_then([&] { return set_multicast_policy(model_, which, wanted.multicast); })
            .and_then([&] { return set_filters(model_, which, wanted.filters); })
            .and_then([&] { return set_mirror(model_, which, wanted.mirror); })
            .and_then([&] { return set_backing(model_, which, wanted.backing); });
    if (!set) return at(wanted.source, set);
    std::set<std::uint32_t> numbers;
    for (const auto& port : wanted.ports) {
      if (!numbers.insert(port.number).second) {
        return at(port.source,
                  fail(ErrorCode::invalid_argument,
                       fmt::format("port {} is there twice; join the two", port.number)));
      }
      if (auto status = at(port.source, set_port(which, port)); !status) return status;
    }
    const auto settings = model_.vswitches.at(wanted.name).ports;
    for (const auto& [number, others] : settings) {
      if (numbers.contains(number)) continue;
      if (auto status = set_port(which, {.number = number}); !status) return status;
    }
    return {};
  }

  Status set_port(const VswitchName& which, const Configuration::Port& wanted) {
    return change_port(model_, which, wanted.number,
                       {.vlan = std::optional(wanted.vlan),
                        .trunk = wanted.trunk,
                        .queue_pairs = wanted.queue_pairs,
                        .packed_rings = wanted.packed_rings});
  }

  // Those that stay as they are are left alone. The others are taken away and made anew: they may
  // swap ports and addresses with each other.
  Status set_guests() {
    std::map<std::string, std::vector<VnicRequest>> changed;
    for (const auto& wanted : wanted_.guests) {
      if (!model_.guests.contains(wanted.name)) {
        const Status created = at(wanted.source, create_guest(model_, wanted.name, {}, context_));
        if (!created) return created;
      }
      Guest& guest = model_.guests.at(wanted.name);
      auto requests = inherit(guest.vnics, wanted.vnics);
      if (are_met(guest.vnics, requests)) continue;
      guest.vnics = reservations(requests);
      changed.emplace(wanted.name, std::move(requests));
    }
    for (const auto& wanted : wanted_.guests) {
      const auto requests = changed.find(wanted.name);
      if (requests == changed.end()) continue;
      Guest& guest = model_.guests.at(wanted.name);
      guest.vnics.clear();
      const GuestChange change{.remove = {}, .modify = {}, .add = requests->second};
      if (auto status = at(wanted.source, change_vnics(model_, guest, change, context_)); !status) {
        return status;
      }
    }
    return {};
  }

  // Until a guest's turn comes: so that the ports that it is to have are not chosen for others.
  std::vector<Vnic> reservations(const std::vector<VnicRequest>& requests) const {
    std::vector<Vnic> vnics;
    for (const VnicRequest& request : requests) {
      if (!request.port || *request.port >= kPortsPerVswitch) continue;
      vnics.push_back({.adaptor = request.adaptor,
                       .mac = request.mac.value_or(local_mac(context_.random())),
                       .vswitch = request.vswitch,
                       .port = static_cast<PortNumber>(*request.port),
                       .endpoint = request.endpoint.value_or("")});
    }
    return vnics;
  }

  Status remove_vswitches() {
    if (wanted_.keep_others) return {};
    const auto wanted = names_of(wanted_.vswitches);
    std::vector<std::string> others;
    for (const auto& [name, vswitch] : model_.vswitches) {
      if (name != kLocalnet && !wanted.contains(name)) others.push_back(name);
    }
    for (const std::string& name : others) {
      if (auto status = delete_vswitch(model_, named(name)); !status) return status;
    }
    return {};
  }

  Model& model_;
  const Configuration& wanted_;
  const EditContext& context_;
};

}  // namespace

Configuration configuration_of(const Model& model) {
  Configuration all;
  for (const auto& [name, vswitch] : model.vswitches) {
    Configuration::Vswitch& to = all.vswitches.emplace_back();
    to.name = name;
    to.up = vswitch.up;
    if (vswitch.backing) to.backing = request_of(*vswitch.backing);
    to.multicast = vswitch.multicast;
    to.filters = vswitch.filters;
    to.mirror = vswitch.mirror;
    for (const auto& [number, settings] : vswitch.ports) {
      to.ports.push_back({.number = number,
                          .vlan = settings.vlans.untagged,
                          .trunk = settings.vlans.trunk.text(),
                          .queue_pairs = settings.queue_pairs,
                          .packed_rings = settings.packed_rings});
    }
  }
  for (const auto& [name, guest] : model.guests) {
    Configuration::Guest& to = all.guests.emplace_back();
    to.name = name;
    for (const Vnic& vnic : guest.vnics) to.vnics.push_back(request_of(vnic));
  }
  return all;
}

Status apply_configuration(Model& model, const Configuration& wanted, const EditContext& context) {
  Model next = model;
  if (auto status = Editor(next, wanted, context).run(); !status) return status;
  model = std::move(next);
  return {};
}

}  // namespace hpvmnet
