#pragma once

#include "control/model.h"

namespace hpvmnet {

/// Two desired states without what they agree on.
struct ModelDifference {
  Model from;
  Model to;

  bool empty() const { return from == Model{} && to == Model{}; }
};

/// The vswitches that differ or that vNICs of guests use which differ, and all guests on these: a
/// plan, the rows of the store and the events that come of the difference are those of the whole
/// states. A change of one port costs what its vswitch costs, not what there is in all. Pure.
ModelDifference difference_of(const Model& from, const Model& to);

/// Makes of a state the one that differs from it: what is in `from` goes, what is in `to` comes,
/// the two parts of a difference.
void exchange_parts(const Model& from, const Model& to, Model& whole);

}  // namespace hpvmnet
