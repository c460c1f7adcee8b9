#pragma once

#include <vector>

#include "control/event.h"
#include "control/model.h"

namespace hpvmnet {

/// How two desired states differ, as events for people: what a command has changed. Pure.
std::vector<Event> changes_between(const Model& from, const Model& to);

}  // namespace hpvmnet
