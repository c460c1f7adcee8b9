#pragma once

#include <string>
#include <vector>

#include "control/model.h"

namespace hpvmnet {

/// What differs between two desired states, as sentences for people, without a full stop. Empty
/// where nothing does.
std::vector<std::string> describe_changes(const Model& from, const Model& to);

}  // namespace hpvmnet
