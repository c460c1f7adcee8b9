#pragma once

#include "base/result.h"
#include "control/edit.h"
#include "control/model.h"

namespace hpvmnet {

/// Changes the vNICs of `guest`, an element of `model`. On error both are in no defined state: the
/// caller works on a copy.
Status change_vnics(const Model& model, Guest& guest, const GuestChange& change,
                    const EditContext& context);

}  // namespace hpvmnet
