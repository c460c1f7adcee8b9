#include "control/guest_warnings.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace hpvmnet {
namespace {

const Vnic* find_at(const Guest* guest, const Vnic& position) {
  if (guest == nullptr) return nullptr;
  const auto found = std::ranges::find_if(guest->vnics, [&](const Vnic& vnic) {
    return vnic.bus == position.bus && vnic.device == position.device;
  });
  return found == guest->vnics.end() ? nullptr : &*found;
}

std::string another_card(const std::string& guest, const Vnic& before, const Vnic& after,
                         bool attached) {
  const std::string what =
      fmt::format("the vNIC at bus {}, device {} goes from {} to {}", after.bus, after.device,
                  before.adaptor, after.adaptor);  // now, or after a dry run some day
  const std::string start =
      fmt::format("started with what 'hpvmstatus -P {} --qemu' or '--libvirt' prints", guest);
  if (attached) {
    return fmt::format(
        "{}, but the guest runs with a card of {}, which has no network from then "
        "on: this takes effect when the guest is stopped and {}",
        what, before.adaptor, start);
  }
  return fmt::format(
      "{}: this takes effect when the guest is {}; its interface may have another "
      "name in the guest then",
      what, start);
}

std::string down(const std::string& vswitch) {
  return fmt::format("vswitch '{0}' is down: no frames pass until 'hpvmnet -b -S {0}' boots it",
                     vswitch);
}

}  // namespace

Warnings guest_warnings(const Model& before, const Model& after, const std::string& guest,
                        const WarningContext& context) {
  const auto found = before.guests.find(guest);
  const Guest* const old_guest = found == before.guests.end() ? nullptr : &found->second;
  Warnings warnings;
  Guest moved;  // with the vNICs that are on other vswitches now
  for (const Vnic& vnic : after.guests.at(guest).vnics) {
    const Vnic* const old = find_at(old_guest, vnic);
    if (old != nullptr && old->adaptor != vnic.adaptor) {
      warnings.push_back(another_card(guest, *old, vnic, context.attached(*old)));
    }
    if (old == nullptr || old->vswitch != vnic.vswitch) moved.vnics.push_back(vnic);
    if (old != nullptr && old->mac == vnic.mac) continue;
    if (const std::string interface = context.interface_of(vnic); !interface.empty()) {
      warnings.push_back(
          fmt::format("MAC address {} is that of the host's interface '{}', too: two with one "
                      "address on a network do not reach each other",
                      vnic.mac.dashed(), interface));
    }
  }
  std::ranges::copy(vswitch_warnings(after, moved), std::back_inserter(warnings));
  return warnings;
}

Warnings clone_warnings(const Guest& source, const Guest& clone) {
  Warnings warnings;
  for (const Vnic& original : source.vnics) {
    const Vnic* const vnic = find_at(&clone, original);
    if (original.endpoint.empty() || vnic == nullptr || !vnic->endpoint.empty()) continue;
    warnings.push_back(
        fmt::format("the vNIC at bus {}, device {} does not connect to '{}', which belongs to the "
                    "port of guest '{}': it has its adaptor's default",
                    original.bus, original.device, original.endpoint, source.name));
  }
  return warnings;
}

Warnings vswitch_warnings(const Model& model, const Guest& guest) {
  std::set<std::string> names;
  for (const Vnic& vnic : guest.vnics) {
    if (!model.vswitches.at(vnic.vswitch).up) names.insert(vnic.vswitch);
  }
  Warnings warnings;
  for (const std::string& name : names) warnings.push_back(down(name));
  return warnings;
}

}  // namespace hpvmnet
