#pragma once

#include "base/fd.h"
#include "base/result.h"

namespace hpvmnet::uplink {

/// Keeps the interface promiscuous until the descriptor is closed, by whomever. Control thread.
Result<Fd> make_promiscuous(int interface);

}  // namespace hpvmnet::uplink
