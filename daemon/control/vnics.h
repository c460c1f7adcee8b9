#pragma once

#include "base/result.h"
#include "control/edit.h"
#include "control/model.h"

namespace hpvmnet {

/// Changes the vNICs of `guest`, an element of `model`. On error the guest's are in no defined
/// state: the caller has a copy.
Status change_vnics(const Model& model, Guest& guest, const GuestChange& change,
                    const EditContext& context);

}  // namespace hpvmnet
