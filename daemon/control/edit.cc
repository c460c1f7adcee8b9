#include "control/edit.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "control/rules.h"
#include "control/vnics.h"

namespace hpvmnet {
namespace {

/// The smallest number from 1 that no element of a map of vswitches or guests has.
template <class Map>
std::uint32_t free_number(const Map& map) {
  std::set<std::uint32_t> taken;
  for (const auto& [name, element] : map) taken.insert(element.number);
  std::uint32_t number = 1;
  while (taken.contains(number)) ++number;
  return number;
}

/// "guest 'a'", "guests 'a', 'b'"; empty where no guest has a vNIC on the vswitch.
std::string users_of(const Model& model, const std::string& vswitch) {
  std::vector<std::string> names;
  for (const auto& [name, guest] : model.guests) {
    if (std::ranges::find(guest.vnics, vswitch, &Vnic::vswitch) != guest.vnics.end()) {
      names.push_back(quoted(name));
    }
  }
  if (names.empty()) return {};
  return fmt::format("guest{} {}", names.size() > 1 ? "s" : "", fmt::join(names, ", "));
}

tl::unexpected<Error> no_guest(const std::string& name) {
  return fail(ErrorCode::not_found,
              fmt::format("there is no guest {}; 'hpvmstatus' lists the guests", quoted(name)));
}

/// Changes the vNICs of a guest of the model, or of one that is to become one.
Status commit_change(Model& model, const Guest& guest, const GuestChange& change,
                     const EditContext& context) {
  const auto [place, is_new] = model.guests.emplace(guest.name, guest);
  const Guest before = place->second;
  const Status status = change_vnics(model, place->second, change, context);
  if (status) return {};
  if (is_new) {
    model.guests.erase(place);
  } else {
    place->second = before;
  }
  return status;
}

/// Asks for a vNIC like this one that goes together with it.
VnicRequest like(const Vnic& vnic) {
  VnicRequest request;
  request.adaptor = vnic.adaptor;
  request.bus = vnic.bus;
  request.device = vnic.device;
  request.vswitch = vnic.vswitch;
  return request;
}

bool still_reserves(const Guest& guest, const Vnic& vnic) {
  return std::ranges::any_of(guest.vnics, [&](const Vnic& one) {
    return one.bus == vnic.bus && one.device == vnic.device && one.vswitch == vnic.vswitch &&
           one.port == vnic.port;
  });
}

// As it is to be on that vswitch.
Result<std::optional<Backing>> read_backing(const Model& model, const std::string& vswitch,
                                            const std::optional<BackingRequest>& request) {
  if (!request) return std::nullopt;
  if (auto status = check_interface_name(request->interface); !status) {
    return tl::unexpected(status.error());
  }
  if (request->vlan && (*request->vlan == 0 || *request->vlan > kLastVlanId)) {
    return fail(ErrorCode::invalid_argument,
                fmt::format("a vswitch can be VLAN 1 to {} of its backing interface, not {}",
                            kLastVlanId, *request->vlan));
  }
  for (const auto& [name, other] : model.vswitches) {
    if (name == vswitch || !other.backing || other.backing->interface != request->interface) {
      continue;
    }
    return fail(ErrorCode::failed_precondition,
                fmt::format("interface {} backs vswitch {} already, and it can back one only; use "
                            "that vswitch, or take the interface from it with "
                            "'hpvmnet -C -S {} -n none'",
                            quoted(request->interface), quoted(name), name));
  }
  Backing backing{.interface = request->interface, .mode = request->mode, .vlan = {}};
  if (request->vlan) backing.vlan = static_cast<VlanId>(*request->vlan);
  return backing;
}

// Ports without settings of their own are not kept.
template <class Change>
Status set_port(Model& model, const VswitchName& which, std::uint32_t port, Change change) {
  const auto name = find_vswitch(model, which);
  if (!name) return tl::unexpected(name.error());
  if (auto status = check_port_number(port); !status) return status;
  auto& ports = model.vswitches.at(*name).ports;
  const auto number = static_cast<PortNumber>(port);
  PortSettings& settings = ports[number];
  change(settings);
  if (settings == PortSettings{}) ports.erase(number);
  return {};
}

}  // namespace

Model initial_model() {
  Model model;
  model.vswitches[kLocalnet] = {.name = kLocalnet, .number = 1, .up = true, .ports = {}};
  return model;
}

Result<std::string> find_vswitch(const Model& model, const VswitchName& which) {
  constexpr std::string_view kWayOut = "'hpvmnet' lists the vswitches";
  if (!which.name.empty()) {
    if (model.vswitches.contains(which.name)) return which.name;
    return fail(ErrorCode::not_found,
                fmt::format("there is no vswitch {}; {}", quoted(which.name), kWayOut));
  }
  if (which.number == 0) {
    return fail(ErrorCode::invalid_argument,
                fmt::format("say which vswitch, by its name or its number; {}", kWayOut));
  }
  for (const auto& [name, vswitch] : model.vswitches) {
    if (vswitch.number == which.number) return name;
  }
  return fail(ErrorCode::not_found,
              fmt::format("there is no vswitch number {}; {}", which.number, kWayOut));
}

Status create_vswitch(Model& model, const std::string& name,
                      const std::optional<BackingRequest>& backing) {
  if (auto status = check_name("vswitch", name, kLongestVswitchName); !status) return status;
  if (model.vswitches.contains(name)) {
    return fail(ErrorCode::already_exists,
                fmt::format("vswitch {} exists already; choose another name", quoted(name)));
  }
  auto read = read_backing(model, name, backing);
  if (!read) return tl::unexpected(read.error());
  const std::uint32_t number = free_number(model.vswitches);
  model.vswitches[name] = {
      .name = name, .number = number, .up = false, .ports = {}, .backing = *std::move(read)};
  return {};
}

Status clone_vswitch(Model& model, const VswitchName& source, const std::string& name,
                     const std::optional<BackingRequest>& backing) {
  const auto original = find_vswitch(model, source);
  if (!original) return tl::unexpected(original.error());
  if (auto status = create_vswitch(model, name, backing); !status) return status;
  const Vswitch& from = model.vswitches.at(*original);
  Vswitch& to = model.vswitches.at(name);
  to.ports = from.ports;
  to.multicast = from.multicast;
  to.filters = from.filters;
  to.mirror = from.mirror;
  return {};
}

Status set_backing(Model& model, const VswitchName& which,
                   const std::optional<BackingRequest>& backing) {
  const auto name = find_vswitch(model, which);
  if (!name) return tl::unexpected(name.error());
  if (*name == kLocalnet && backing) {
    return fail(ErrorCode::failed_precondition,
                fmt::format("vswitch '{}' is local and stays so; make another vswitch with "
                            "'hpvmnet -c -S NAME -n {}'",
                            kLocalnet, backing->interface));
  }
  auto read = read_backing(model, *name, backing);
  if (!read) return tl::unexpected(read.error());
  model.vswitches.at(*name).backing = *std::move(read);
  return {};
}

Status delete_vswitch(Model& model, const VswitchName& which) {
  const auto name = find_vswitch(model, which);
  if (!name) return tl::unexpected(name.error());
  if (*name == kLocalnet) {
    return fail(ErrorCode::failed_precondition,
                fmt::format("vswitch '{0}' always exists and cannot be deleted; "
                            "'hpvmnet -S {0} -h' halts it",
                            kLocalnet));
  }
  if (const std::string users = users_of(model, *name); !users.empty()) {
    return fail(ErrorCode::failed_precondition,
                fmt::format("vswitch {} cannot be deleted: it has vNICs of {}; remove them or move "
                            "them to another vswitch with 'hpvmmodify' first",
                            quoted(*name), users));
  }
  model.vswitches.erase(*name);
  return {};
}

Status set_vswitch_up(Model& model, const VswitchName& which, bool up) {
  const auto name = find_vswitch(model, which);
  if (!name) return tl::unexpected(name.error());
  model.vswitches.at(*name).up = up;
  return {};
}

Status set_multicast_policy(Model& model, const VswitchName& which, MulticastPolicy policy) {
  return find_vswitch(model, which).map([&](const std::string& name) {
    model.vswitches.at(name).multicast = policy;
  });
}

Status set_filters(Model& model, const VswitchName& which,
                   const std::vector<FilterSettings>& filters) {
  const auto name = find_vswitch(model, which);
  if (!name) return tl::unexpected(name.error());
  if (auto status = check_filters(filters); !status) return status;
  model.vswitches.at(*name).filters = filters;
  return {};
}

Status set_mirror(Model& model, const VswitchName& which,
                  const std::optional<MirrorSettings>& mirror) {
  const auto name = find_vswitch(model, which);
  if (!name) return tl::unexpected(name.error());
  if (mirror) {
    if (Status status = check_mirror(*mirror); !status) return status;
  }
  model.vswitches.at(*name).mirror = mirror;
  return {};
}

Status set_port_vlan(Model& model, const VswitchName& which, std::uint32_t port,
                     std::optional<std::uint32_t> vlan) {
  if (vlan) {
    if (auto status = check_vlan_id(*vlan); !status) return status;
  }
  return set_port(model, which, port, [&](PortSettings& settings) {
    settings.vlans.untagged = vlan ? std::optional(static_cast<VlanId>(*vlan)) : std::nullopt;
  });
}

Status set_port_trunk(Model& model, const VswitchName& which, std::uint32_t port,
                      std::string_view trunk) {
  const auto vlans = trunk.empty() ? VlanSet{} : VlanSet::parse(trunk);
  if (!vlans) {
    return fail(ErrorCode::invalid_argument,
                fmt::format("{} is not a list of VLANs: give ids from 1 to {} and ranges of them, "
                            "as in 10,20-29, or 'all', or 'none'",
                            quoted(trunk), kLastVlanId));
  }
  return set_port(model, which, port,
                  [&](PortSettings& settings) { settings.vlans.trunk = *vlans; });
}

Status set_port_queue_pairs(Model& model, const VswitchName& which, std::uint32_t port,
                            std::uint32_t pairs) {
  if (pairs < 1 || pairs > kQueuePairs) {
    return fail(ErrorCode::invalid_argument,
                fmt::format("a port can have 1 to {} pairs of queues, not {}", kQueuePairs, pairs));
  }
  return set_port(model, which, port,
                  [&](PortSettings& settings) { settings.queue_pairs = pairs; });
}

Status set_port_rings(Model& model, const VswitchName& which, std::uint32_t port, bool packed) {
  return set_port(model, which, port,
                  [&](PortSettings& settings) { settings.packed_rings = packed; });
}

// On a copy of the vswitch, since the second value may be wrong.
Status change_port(Model& model, const VswitchName& which, std::uint32_t port,
                   const PortChange& change) {
  const auto name = find_vswitch(model, which);
  if (!name) return tl::unexpected(name.error());
  const Vswitch before = model.vswitches.at(*name);
  Status status;
  if (change.vlan) status = set_port_vlan(model, which, port, *change.vlan);
  if (status && change.trunk) status = set_port_trunk(model, which, port, *change.trunk);
  if (status && change.queue_pairs) {
    status = set_port_queue_pairs(model, which, port, *change.queue_pairs);
  }
  if (status && change.packed_rings) {
    status = set_port_rings(model, which, port, *change.packed_rings);
  }
  if (!status) model.vswitches.at(*name) = before;
  return status;
}

Status create_guest(Model& model, const std::string& name, const std::vector<VnicRequest>& vnics,
                    const EditContext& context) {
  if (auto status = check_name("guest", name, kLongestGuestName); !status) return status;
  if (model.guests.contains(name)) {
    return fail(ErrorCode::already_exists,
                fmt::format("guest {} exists already; choose another name, or change it with "
                            "'hpvmmodify -P {}'",
                            quoted(name), name));
  }
  const Guest guest{.name = name, .number = free_number(model.guests), .vnics = {}};
  return commit_change(model, guest, {.remove = {}, .modify = {}, .add = vnics}, context);
}

Status clone_guest(Model& model, const std::string& source, const std::string& name,
                   const GuestChange& change, const EditContext& context) {
  const auto found = model.guests.find(source);
  if (found == model.guests.end()) return no_guest(source);
  const std::vector<Vnic> originals = found->second.vnics;
  std::vector<VnicRequest> vnics;
  vnics.reserve(originals.size());
  for (const Vnic& original : originals) vnics.push_back(like(original));
  Model next = model;
  if (auto status = create_guest(next, name, vnics, context); !status) return status;
  const std::vector<Vnic> chosen = next.guests.at(name).vnics;
  if (auto status = modify_guest(next, name, change, context); !status) return status;
  for (std::size_t i = 0; i < originals.size(); ++i) {
    if (!still_reserves(next.guests.at(name), chosen[i])) continue;  // a change has moved it
    const Vnic& original = originals[i];
    const PortSettings settings = settings_of(next, original.vswitch, original.port);
    if (settings == PortSettings{}) continue;
    next.vswitches.at(original.vswitch).ports[chosen[i].port] = settings;
  }
  model = std::move(next);
  return {};
}

Status modify_guest(Model& model, const std::string& name, const GuestChange& change,
                    const EditContext& context) {
  const auto guest = model.guests.find(name);
  if (guest == model.guests.end()) return no_guest(name);
  return commit_change(model, guest->second, change, context);
}

Status remove_guest(Model& model, const std::string& name) {
  return model.guests.erase(name) == 1 ? Status{} : no_guest(name);
}

}  // namespace hpvmnet
