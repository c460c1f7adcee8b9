#pragma once

#include "control/model.h"
#include "control/survey.h"
#include "control/switchboard.h"

namespace hpvmnet {

/// Reads all that is configured, and how its open ports fare, but for the workers. Control thread
/// only.
Survey take_survey(const Model& model, const Switchboard& board);

}  // namespace hpvmnet
