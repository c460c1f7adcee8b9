#include "rpc/convert_configuration.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "rpc/convert.h"

namespace hpvmnet {
namespace {

tl::unexpected<Error> wrong(const std::string& source, const Error& error) {
  return fail(error.code, source.empty() ? error.text : fmt::format("{}: {}", source, error.text));
}

Result<Configuration::Port> from_proto(const v1::PortConfiguration& port) {
  Configuration::Port read{.number = port.number(),
                           .vlan = {},
                           .trunk = port.trunk(),
                           .queue_pairs = std::max(1U, port.queue_pairs()),
                           .packed_rings = port.rings() == v1::Port::RINGS_PACKED,
                           .source = port.source()};
  if (port.has_vlan_id()) read.vlan = port.vlan_id();
  return read;
}

Result<Configuration::Vswitch> from_proto(const v1::VswitchConfiguration& vswitch) {
  Configuration::Vswitch read{.name = vswitch.name(),
                              .up = !vswitch.down(),
                              .backing = read_backing(vswitch),
                              .source = vswitch.source()};
  if (vswitch.multicast() != v1::Vswitch::MULTICAST_UNSPECIFIED) {
    const auto policy = hpvmnet::from_proto(vswitch.multicast());
    if (!policy) return tl::unexpected(policy.error());
    read.multicast = *policy;
  }
  for (const v1::Filter& filter : vswitch.filters()) {
    read.filters.push_back(hpvmnet::from_proto(filter));
  }
  if (vswitch.has_mirror()) {
    auto mirror = hpvmnet::from_proto(vswitch.mirror());
    if (!mirror) return tl::unexpected(mirror.error());
    read.mirror = *std::move(mirror);
  }
  for (const v1::PortConfiguration& port : vswitch.ports()) {
    auto each = from_proto(port);
    if (!each) return tl::unexpected(each.error());
    read.ports.push_back(*std::move(each));
  }
  return read;
}

Result<Configuration::Guest> from_proto(const v1::GuestConfiguration& guest) {
  Configuration::Guest read{.name = guest.name(), .source = guest.source()};
  for (const v1::VnicRequest& vnic : guest.vnics()) {
    auto each = hpvmnet::from_proto(vnic);
    if (!each) return tl::unexpected(each.error());
    read.vnics.push_back(*std::move(each));
  }
  return read;
}

void to_proto(const VnicRequest& from, v1::VnicRequest& to) {
  to.set_adaptor(from.adaptor);
  if (from.bus) to.set_bus(*from.bus);
  if (from.device) to.set_device(*from.device);
  if (from.mac) to.set_mac_address(from.mac->dashed());
  to.set_vswitch(from.vswitch);
  if (from.port) to.set_port(*from.port);
  if (!from.endpoint.value_or("").empty()) to.set_endpoint(*from.endpoint);
}

void to_proto(const Configuration::Port& from, v1::PortConfiguration& to) {
  to.set_number(from.number);
  if (from.vlan) to.set_vlan_id(*from.vlan);
  to.set_trunk(from.trunk);
  to.set_queue_pairs(from.queue_pairs);
  to.set_rings(from.packed_rings ? v1::Port::RINGS_PACKED : v1::Port::RINGS_SPLIT);
}

void to_proto(const Configuration::Vswitch& from, v1::VswitchConfiguration& to) {
  to.set_name(from.name);
  to.set_down(!from.up);
  to.set_multicast(hpvmnet::to_proto(from.multicast));
  if (from.backing) {
    v1::Backing& backing = *to.mutable_backing();
    backing.set_interface(from.backing->interface);
    backing.set_mode(from.backing->mode);
    if (from.backing->vlan) backing.set_vlan_id(*from.backing->vlan);
  }
  for (const auto& [name, arguments] : from.filters) {
    v1::Filter& added = *to.add_filters();
    added.set_name(name);
    added.set_arguments(arguments);
  }
  if (from.mirror) hpvmnet::to_proto(*from.mirror, *to.mutable_mirror());
  for (const auto& port : from.ports) to_proto(port, *to.add_ports());
}

}  // namespace

Result<ApplyArguments> from_proto(const v1::ApplyConfigurationRequest& request) {
  ApplyArguments arguments{
      .configuration = {}, .dry_run = request.dry_run(), .force = request.force()};
  arguments.configuration.keep_others = request.keep_others();
  for (const auto& vswitch : request.configuration().vswitches()) {
    auto read = from_proto(vswitch);
    if (!read) return wrong(vswitch.source(), read.error());
    arguments.configuration.vswitches.push_back(*std::move(read));
  }
  for (const auto& guest : request.configuration().guests()) {
    auto read = from_proto(guest);
    if (!read) return wrong(guest.source(), read.error());
    arguments.configuration.guests.push_back(*std::move(read));
  }
  return arguments;
}

void to_proto(const Configuration& from, v1::Configuration& to) {
  for (const auto& vswitch : from.vswitches) to_proto(vswitch, *to.add_vswitches());
  for (const auto& guest : from.guests) {
    v1::GuestConfiguration& added = *to.add_guests();
    added.set_name(guest.name);
    for (const VnicRequest& vnic : guest.vnics) to_proto(vnic, *added.add_vnics());
  }
}

void to_proto(const ConfigurationPlan& from, v1::ApplyConfigurationResponse& to) {
  for (const std::string& change : from.changes) to.add_changes(change);
  to.set_changed(!from.changes.empty());
  to.set_objection(from.objection);
}

}  // namespace hpvmnet
