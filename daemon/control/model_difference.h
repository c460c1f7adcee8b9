#pragma once

#include "control/model.h"

namespace hpvmnet {

/// Two desired states without what they agree on.
struct ModelDifference {
  Model from;
  Model to;
};

/// The vswitches that differ or that vNICs of guests use which differ, and all guests on these: a
/// plan, the rows of the store and the events that come of the difference are those of the whole
/// states. A change of one port costs what its vswitch costs, not what there is in all. Pure.
ModelDifference difference_of(const Model& from, const Model& to);

}  // namespace hpvmnet
