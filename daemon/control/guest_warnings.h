#pragma once

#include <functional>
#include <string>

#include "control/model.h"
#include "control/status.h"

namespace hpvmnet {

/// What warnings depend on besides the desired state.
struct WarningContext {
  /// Whether the guest is attached to this vNIC's port, before the change.
  std::function<bool(const Vnic& vnic)> attached;
  /// The host's interface that has the vNIC's address without being it; empty where there is none.
  std::function<std::string(const Vnic& vnic)> interface_of;
};

/// What a user should know of a change to a guest, an element of `after`: a kind of card that the
/// guest has only after its next start, a vswitch that is down, an address that the host has, too.
Warnings guest_warnings(const Model& before, const Model& after, const std::string& guest,
                        const WarningContext& context);

/// What a new guest does not have of the one that it was made of.
Warnings clone_warnings(const Guest& source, const Guest& clone);

/// Of these only the vswitches that are down, for a guest that is about to start.
Warnings vswitch_warnings(const Model& model, const Guest& guest);

}  // namespace hpvmnet
