#pragma once

#include "hpvmnet/v1/vswitch.pb.h"

namespace hpvmnet::cli {

/// The vswitch with all counters as people are to see them: since they were cleared last.
v1::Vswitch since_cleared(v1::Vswitch vswitch);

}  // namespace hpvmnet::cli
