#include "control/vnic_chooser.h"

#include <algorithm>
#include <bitset>
#include <optional>

#include <fmt/format.h>

#include "control/rules.h"

namespace hpvmnet {
namespace {

using PortSet = std::bitset<kPortsPerVswitch>;

std::optional<PortNumber> first_free(const PortSet& taken) {
  for (PortNumber number = 1; number < kPortsPerVswitch; ++number) {
    if (!taken[number]) return number;
  }
  return taken[0] ? std::nullopt : std::optional<PortNumber>(0);
}

}  // namespace

Status VnicChooser::complete(VnicRequest& request) const {
  if (auto status = choose_position(request); !status) return status;
  if (auto status = choose_port(request); !status) return status;
  if (!request.mac) request.mac = free_mac();
  return {};
}

Status VnicChooser::choose_position(VnicRequest& request) const {
  if (request.bus && request.device) return {};
  for (std::uint32_t bus = request.bus.value_or(0); bus <= request.bus.value_or(kLastBus); ++bus) {
    const std::uint32_t last_device = request.device.value_or(kLastDevice);
    for (std::uint32_t device = request.device.value_or(0); device <= last_device; ++device) {
      if (position_taken(bus, device)) continue;
      request.bus = bus;
      request.device = device;
      return {};
    }
  }
  std::string where;
  if (request.bus) where = fmt::format(" at bus {}", *request.bus);
  if (request.device) where = fmt::format(" at device {}", *request.device);
  return fail(
      ErrorCode::resource_exhausted,
      fmt::format("guest {} has no room for one more vNIC{}; give another bus and device, or "
                  "remove a vNIC first",
                  quoted(guest_.name), where));
}

Status VnicChooser::choose_port(VnicRequest& request) const {
  if (request.port) return {};
  const Vswitch& vswitch = model_.vswitches.at(request.vswitch);
  PortSet taken;
  for (const auto& [number, settings] : vswitch.ports) taken.set(number);
  if (vswitch.mirror) taken.set(vswitch.mirror->port);
  for (const auto& [name, guest] : model_.guests) {
    for (const Vnic& vnic : guest.vnics) {
      if (vnic.vswitch == request.vswitch) taken.set(vnic.port);
    }
  }
  for (const VnicRequest& other : requests_) {
    if (other.port && other.vswitch == request.vswitch) taken.set(*other.port);
  }
  request.port = first_free(taken);
  if (request.port) return {};
  return fail(ErrorCode::resource_exhausted,
              fmt::format("vswitch {} is full: each of its {} ports is reserved or has settings; "
                          "name a port to share it, or choose another vswitch",
                          quoted(request.vswitch), kPortsPerVswitch));
}

MacAddress VnicChooser::free_mac() const {
  std::uint64_t random = random_();
  while (mac_taken(local_mac(random))) ++random;  // ends whatever the source yields
  return local_mac(random);
}

bool VnicChooser::position_taken(std::uint32_t bus, std::uint32_t device) const {
  const auto there = [&](const auto& vnic) { return vnic.bus == bus && vnic.device == device; };
  return std::ranges::any_of(guest_.vnics, there) || std::ranges::any_of(requests_, there);
}

bool VnicChooser::mac_taken(const MacAddress& mac) const {
  const auto has_it = [&](const auto& vnic) { return vnic.mac == mac; };
  return std::ranges::any_of(requests_, has_it) ||
         std::ranges::any_of(model_.guests, [&](const auto& entry) {
           return std::ranges::any_of(entry.second.vnics, has_it);
         });
}

}  // namespace hpvmnet
