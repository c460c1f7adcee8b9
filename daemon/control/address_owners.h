#pragma once

#include <string>
#include <vector>

#include "control/model.h"
#include "control/reservations.h"
#include "control/status.h"
#include "control/switchboard.h"

namespace hpvmnet {

/// Says of addresses that a vswitch has learnt whose they are. `reservations` are the model's.
/// Control thread only.
void name_owners(const Switchboard& board, const Model& model, const Reservations& reservations,
                 const std::string& vswitch, std::vector<MacEntry>& entries);

}  // namespace hpvmnet
