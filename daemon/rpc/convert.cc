#include "rpc/convert.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <utility>

#include <fmt/format.h>
#include <google/protobuf/repeated_ptr_field.h>

#include "control/rules.h"

namespace hpvmnet {
namespace {

Result<MacAddress> read_mac(const std::string& text) {
  if (const auto mac = MacAddress::parse(text)) return *mac;
  return fail(ErrorCode::invalid_argument,
              fmt::format("{} is not a MAC address; write it as aa-bb-cc-00-11-22", quoted(text)));
}

// The commands judge the number; here it must fit their type.
Result<PortNumber> read_port(std::uint32_t number) {
  if (number <= std::numeric_limits<PortNumber>::max()) return static_cast<PortNumber>(number);
  return tl::unexpected(check_port_number(number).error());
}

Result<std::vector<VnicRequest>> read_vnics(
    const google::protobuf::RepeatedPtrField<v1::VnicRequest>& requests) {
  std::vector<VnicRequest> vnics;
  for (const v1::VnicRequest& request : requests) {
    auto vnic = from_proto(request);
    if (!vnic) return tl::unexpected(vnic.error());
    vnics.push_back(*std::move(vnic));
  }
  return vnics;
}

// The changes to vNICs that a request asks for.
template <class Request>
Result<GuestChange> read_change(const Request& request) {
  auto remove = read_vnics(request.remove());
  auto modify = read_vnics(request.modify());
  auto add = read_vnics(request.add());
  for (const auto* vnics : {&remove, &modify, &add}) {
    if (!*vnics) return tl::unexpected(vnics->error());
  }
  return GuestChange{
      .remove = *std::move(remove), .modify = *std::move(modify), .add = *std::move(add)};
}

v1::Port::State to_proto(PortState state) {
  switch (state) {
    case PortState::down:
      return v1::Port::STATE_DOWN;
    case PortState::reserved:
      return v1::Port::STATE_RESERVED;
    case PortState::active:
      return v1::Port::STATE_ACTIVE;
  }
  return v1::Port::STATE_UNSPECIFIED;
}

struct PolicyPair {
  MulticastPolicy inside;
  v1::Vswitch::Multicast outside;
};
constexpr std::array kPolicies{
    PolicyPair{MulticastPolicy::flood, v1::Vswitch::MULTICAST_FLOOD},
    PolicyPair{MulticastPolicy::snoop, v1::Vswitch::MULTICAST_SNOOP},
    PolicyPair{MulticastPolicy::strict, v1::Vswitch::MULTICAST_STRICT},
};

// Whether they are packed ones.
Result<bool> read_rings(v1::Port::Rings rings) {
  if (rings == v1::Port::RINGS_SPLIT || rings == v1::Port::RINGS_PACKED) {
    return rings == v1::Port::RINGS_PACKED;
  }
  return fail(ErrorCode::invalid_argument,
              "the request names no rings that hpvmnetd knows; it knows split and packed ones");
}

void to_proto(const MulticastGroup& from, v1::MulticastGroup& to) {
  to.set_address(from.address);
  if (from.vlan) to.set_vlan_id(*from.vlan);
  for (const PortNumber port : from.ports) to.add_ports(port);
}

void to_proto(const BackingStatus& from, v1::Backing& to) {
  to.set_interface(from.backing.interface);
  to.set_mode(from.backing.mode);
  if (from.backing.vlan) to.set_vlan_id(*from.backing.vlan);
  to.set_mode_in_use(from.condition.mode);
  to.set_remark(from.condition.remark);
  if (from.condition.mac) to.set_mac_address(from.condition.mac->dashed());
  to.set_ipv4_address(from.condition.ipv4_address);
  to_proto(from.counters, *to.mutable_counters());
  if (from.cleared) to_proto(*from.cleared, *to.mutable_cleared());
}

void without_ports(const VswitchStatus& from, v1::Vswitch& to) {
  to.set_name(from.name);
  to.set_number(from.number);
  to.set_state(from.up ? v1::Vswitch::STATE_UP : v1::Vswitch::STATE_DOWN);
  to.set_mac_address_count(from.mac_addresses);
  to.set_multicast(to_proto(from.multicast));
  if (from.backing) to_proto(*from.backing, *to.mutable_backing());
  if (from.mirror) to_proto(*from.mirror, *to.mutable_mirror());
  for (const FilterStatus& filter : from.filters) {
    v1::Filter& added = *to.add_filters();
    added.set_name(filter.settings.name);
    added.set_arguments(filter.settings.arguments);
    added.set_remark(filter.remark);
  }
}

void to_proto(const Vnic& from, bool active, v1::Vnic& to) {
  to.set_adaptor(from.adaptor);
  to.set_bus(from.bus);
  to.set_device(from.device);
  to.set_mac_address(from.mac.dashed());
  to.set_vswitch(from.vswitch);
  to.set_port(from.port);
  to.set_active(active);
  to.set_endpoint(from.endpoint);
}

}  // namespace

Result<std::string> read_name(const char* kind, const std::string& name) {
  if (!name.empty()) return name;
  return fail(ErrorCode::invalid_argument,
              fmt::format("the request names no {0}: give the name of a {0}", kind));
}

Result<VswitchName> from_proto(const v1::VswitchReference& reference) {
  switch (reference.by_case()) {
    case v1::VswitchReference::kName:
      return read_name("vswitch", reference.name()).map([](std::string name) {
        return VswitchName{.name = std::move(name), .number = 0};
      });
    case v1::VswitchReference::kNumber:
      return VswitchName{.name = {}, .number = reference.number()};
    case v1::VswitchReference::BY_NOT_SET:
      break;
  }
  return fail(ErrorCode::invalid_argument,
              "the request names no vswitch: give the name or the number of a vswitch");
}

Result<VnicRequest> from_proto(const v1::VnicRequest& request) {
  VnicRequest vnic{.adaptor = request.adaptor(),
                   .bus = {},
                   .device = {},
                   .mac = {},
                   .vswitch = request.vswitch(),
                   .port = {},
                   .endpoint = {}};
  if (request.has_bus()) vnic.bus = request.bus();
  if (request.has_device()) vnic.device = request.device();
  if (request.has_mac_address()) {
    const auto mac = read_mac(request.mac_address());
    if (!mac) return tl::unexpected(mac.error());
    vnic.mac = *mac;
  }
  if (request.has_port()) {
    const auto port = read_port(request.port());
    if (!port) return tl::unexpected(port.error());
    vnic.port = *port;
  }
  if (request.has_endpoint()) vnic.endpoint = request.endpoint();
  return vnic;
}

Result<PortQueuePairsArguments> from_proto(const v1::SetPortQueuePairsRequest& request) {
  return from_proto(request.vswitch()).map([&](VswitchName vswitch) {
    return PortQueuePairsArguments{std::move(vswitch), request.port(), request.queue_pairs()};
  });
}

Result<PortRingsArguments> from_proto(const v1::SetPortRingsRequest& request) {
  const auto packed = read_rings(request.rings());
  if (!packed) return tl::unexpected(packed.error());
  return from_proto(request.vswitch()).map([&](VswitchName vswitch) {
    return PortRingsArguments{std::move(vswitch), request.port(), *packed};
  });
}

Result<MulticastPolicy> from_proto(v1::Vswitch::Multicast policy) {
  const auto found = std::ranges::find(kPolicies, policy, &PolicyPair::outside);
  if (found != kPolicies.end()) return found->inside;
  return fail(ErrorCode::invalid_argument,
              "the request names no way to treat multicast that hpvmnetd knows; it knows flood, "
              "snoop and strict");
}

v1::Vswitch::Multicast to_proto(MulticastPolicy policy) {
  return std::ranges::find(kPolicies, policy, &PolicyPair::inside)->outside;
}

Result<MulticastArguments> from_proto(const v1::SetVswitchMulticastRequest& request) {
  const auto policy = from_proto(request.multicast());
  if (!policy) return tl::unexpected(policy.error());
  return from_proto(request.vswitch()).map([&](VswitchName vswitch) {
    return MulticastArguments{std::move(vswitch), *policy};
  });
}

Result<PortChangeArguments> from_proto(const v1::SetPortRequest& request) {
  PortChange change;
  if (request.has_vlan()) {
    change.vlan.emplace();
    if (request.vlan().has_vlan_id()) *change.vlan = request.vlan().vlan_id();
  }
  if (request.has_trunk()) change.trunk = request.trunk();
  if (request.has_queue_pairs()) change.queue_pairs = request.queue_pairs();
  if (request.rings() != v1::Port::RINGS_UNSPECIFIED) {
    const auto packed = read_rings(request.rings());
    if (!packed) return tl::unexpected(packed.error());
    change.packed_rings = *packed;
  }
  return from_proto(request.vswitch()).map([&](VswitchName vswitch) {
    return PortChangeArguments{std::move(vswitch), request.port(), std::move(change)};
  });
}

Result<PortVlanArguments> from_proto(const v1::SetPortVlanRequest& request) {
  return from_proto(request.vswitch()).map([&](VswitchName vswitch) {
    PortVlanArguments arguments{.vswitch = std::move(vswitch), .port = request.port(), .vlan = {}};
    if (request.has_vlan_id()) arguments.vlan = request.vlan_id();
    return arguments;
  });
}

Result<PortTrunkArguments> from_proto(const v1::SetPortTrunkRequest& request) {
  return from_proto(request.vswitch()).map([&](VswitchName vswitch) {
    return PortTrunkArguments{std::move(vswitch), request.port(), request.trunk()};
  });
}

Result<CreateVswitchArguments> from_proto(const v1::CreateVswitchRequest& request) {
  return read_name("vswitch", request.name()).map([&](std::string name) {
    return CreateVswitchArguments{std::move(name), read_backing(request), request.force()};
  });
}

Result<BackingArguments> from_proto(const v1::SetVswitchBackingRequest& request) {
  return from_proto(request.vswitch()).map([&](VswitchName vswitch) {
    return BackingArguments{std::move(vswitch), read_backing(request), request.force()};
  });
}

Result<CloneVswitchArguments> from_proto(const v1::CloneVswitchRequest& request) {
  auto source = from_proto(request.vswitch());
  if (!source) return tl::unexpected(source.error());
  return read_name("vswitch", request.name()).map([&](std::string name) {
    return CloneVswitchArguments{*std::move(source), std::move(name), read_backing(request),
                                 request.force()};
  });
}

Result<ClearCountersArguments> from_proto(const v1::ClearCountersRequest& request) {
  return from_proto(request.vswitch()).map([&](VswitchName vswitch) {
    ClearCountersArguments arguments{.vswitch = std::move(vswitch), .port = {}};
    if (request.has_port()) arguments.port = request.port();
    return arguments;
  });
}

Result<std::string> from_proto(const v1::GetGuestRequest& request) {
  return read_name("guest", request.name());
}

Result<CreateGuestArguments> from_proto(const v1::CreateGuestRequest& request) {
  auto name = read_name("guest", request.name());
  if (!name) return tl::unexpected(name.error());
  return read_vnics(request.vnics()).map([&](std::vector<VnicRequest> vnics) {
    return CreateGuestArguments{.name = *std::move(name), .vnics = std::move(vnics)};
  });
}

Result<ModifyGuestArguments> from_proto(const v1::ModifyGuestRequest& request) {
  auto name = read_name("guest", request.name());
  if (!name) return tl::unexpected(name.error());
  return read_change(request).map([&](GuestChange change) {
    return ModifyGuestArguments{.name = *std::move(name),
                                .change = std::move(change),
                                .manner = {.force = request.force(), .dry_run = request.dry_run()}};
  });
}

Result<CloneGuestArguments> from_proto(const v1::CloneGuestRequest& request) {
  auto source = read_name("guest", request.source());
  auto name = read_name("guest", request.name());
  for (const auto* one : {&source, &name}) {
    if (!*one) return tl::unexpected(one->error());
  }
  return read_change(request).map([&](GuestChange change) {
    return CloneGuestArguments{*std::move(source), *std::move(name), std::move(change)};
  });
}

Result<RemoveGuestArguments> from_proto(const v1::RemoveGuestRequest& request) {
  return read_name("guest", request.name()).map([&](std::string name) {
    return RemoveGuestArguments{.name = std::move(name), .force = request.force()};
  });
}

void to_proto(const PortCounters& from, v1::PortCounters& to) {
  to.set_ingress_frames(from.ingress_frames);
  to.set_ingress_bytes(from.ingress_bytes);
  to.set_ingress_bursts(from.ingress_bursts);
  to.set_egress_frames(from.egress_frames);
  to.set_egress_bytes(from.egress_bytes);
  to.set_egress_bursts(from.egress_bursts);
  for (std::size_t reason = 0; reason < kDropReasonCount; ++reason) {
    if (from.drops[reason] == 0) continue;
    v1::DropCounter& drop = *to.add_drops();
    drop.set_reason(std::string(kDropReasons[reason].name));
    drop.set_description(std::string(kDropReasons[reason].text));
    drop.set_frames(from.drops[reason]);
  }
}

void to_proto(const VswitchStatus& from, v1::Vswitch& to) {
  without_ports(from, to);
  for (const PortStatus& port : from.ports) to_proto(port, *to.add_ports());
  for (const MulticastGroup& group : from.multicast_groups) {
    to_proto(group, *to.add_multicast_groups());
  }
}

void to_proto(const std::vector<VswitchStatus>& from, v1::ListVswitchesResponse& to) {
  for (const VswitchStatus& vswitch : from) without_ports(vswitch, *to.add_vswitches());
}

void to_proto(const PortStatus& from, v1::Port& to) {
  to.set_number(from.number);
  to.set_state(to_proto(from.state));
  to.set_adaptor(from.adaptor);
  if (from.vlan) to.set_vlan_id(*from.vlan);
  to.set_trunk(from.trunk);
  for (const std::string& guest : from.reserved) to.add_reserved_by(guest);
  to.set_active_guest(from.active);
  to.set_socket(from.socket);
  to.set_endpoint(from.endpoint);
  to.set_queue_pairs(from.queue_pairs);
  to.set_rings(from.packed_rings ? v1::Port::RINGS_PACKED : v1::Port::RINGS_SPLIT);
  for (const unsigned worker : from.workers) to.add_workers(worker);
  to.set_blocked(from.blocked);
  to_proto(from.counters, *to.mutable_counters());
  if (from.cleared) to_proto(*from.cleared, *to.mutable_cleared());
}

void to_proto(const MacEntry& from, v1::MacAddressEntry& to) {
  to.set_mac_address(from.mac.dashed());
  if (from.vlan) to.set_vlan_id(*from.vlan);
  to.set_port(from.port);
  to.set_age_seconds(from.age_seconds);
  to.set_vswitch(from.vswitch);
  to.set_guest(from.guest);
}

void to_proto(const GuestStatus& from, v1::Guest& to) {
  to.set_name(from.guest.name);
  to.set_number(from.guest.number);
  to.set_state(from.active ? v1::Guest::STATE_ON : v1::Guest::STATE_OFF);
  for (std::size_t i = 0; i < from.guest.vnics.size(); ++i) {
    const bool active = i < from.vnic_active.size() && from.vnic_active[i];
    to_proto(from.guest.vnics[i], active, *to.add_vnics());
  }
  for (const std::string& warning : from.warnings) to.add_warnings(warning);
}

void to_proto(const std::vector<GuestStatus>& from, v1::ListGuestsResponse& to) {
  for (const GuestStatus& guest : from) to_proto(guest, *to.add_guests());
}

}  // namespace hpvmnet
