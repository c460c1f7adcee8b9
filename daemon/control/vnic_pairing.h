#pragma once

#include <vector>

#include "control/edit.h"
#include "control/model.h"

namespace hpvmnet {

// Which vNICs of a guest are meant by a description that leaves something open.

/// Completes the requests, which describe all vNICs that a guest is to have, with what its vNICs
/// have now: each request is paired with the vNIC that it describes already, if there is one, else
/// with one at the same position, of the same address or on the same port, else with any that is
/// left. A description that the guest meets is completed to just what it has.
std::vector<VnicRequest> inherit(const std::vector<Vnic>& vnics, std::vector<VnicRequest> requests);

/// Whether completed requests ask for nothing but what is there.
bool are_met(const std::vector<Vnic>& vnics, const std::vector<VnicRequest>& requests);

}  // namespace hpvmnet
