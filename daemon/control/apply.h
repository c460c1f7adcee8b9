#pragma once

#include <vector>

#include "base/result.h"
#include "control/plan.h"
#include "control/switchboard.h"

namespace hpvmnet {

/// Whether the ports that a plan opens can be opened and its mirrors' filters run, as far as that
/// can be told without doing so.
Status check(const std::vector<Action>& actions, const Switchboard& board);

/// Runs a plan. All or nothing: where an action fails, those before it
/// are undone and its error is returned.
Status apply(const std::vector<Action>& actions, Switchboard& board);

/// Runs a plan from nothing, as the daemon starts: what fails is logged and left out, so that one
/// broken port does not cost the others. A vswitch whose filters cannot be made lets no frame pass.
void apply_what_works(const std::vector<Action>& actions, Switchboard& board, Log& log);

}  // namespace hpvmnet
