#pragma once

#include <cstdint>

#include "frame/burst.h"
#include "switch/view.h"

namespace hpvmnet {

/// Takes a burst (not empty) that ingress queue `from` has lent through the vswitch. When it
/// returns every frame has been copied to its receivers or counted as dropped, and the burst can be
/// released.
///
/// `worker` is the calling worker's number, `now` the time in seconds that the MAC table ages by.
/// Any number of workers may be here at once.
void run_pipeline(Burst& burst, const IngressQueue& from, unsigned worker,
                  std::uint32_t now) noexcept;

/// Moves what has arrived at an ingress queue, a burst at the most, to where it belongs. Returns
/// whether there was anything. `burst` is the worker's; what it held before is of no interest.
bool move_burst(const IngressQueue& from, Burst& burst, unsigned worker,
                std::uint32_t now) noexcept;

}  // namespace hpvmnet
