#pragma once

#include <bit>
#include <cstdint>

#include "frame/burst.h"

namespace hpvmnet {

/// One bit for each frame of a burst, the first frame's the lowest.
using FrameMask = std::uint64_t;
static_assert(Burst::kCapacity == 64);

/// Calls visit(index) for each frame of the mask, in order.
template <class Visit>
void for_each(FrameMask frames, Visit visit) noexcept {
  for (; frames != 0; frames &= frames - 1) visit(static_cast<unsigned>(std::countr_zero(frames)));
}

}  // namespace hpvmnet
