#pragma once

#include <cstddef>
#include <cstdint>

#include "frame/tally.h"

namespace hpvmnet::host {

/// Which of a port's `count` queues a worker sends by: one of its own as far as there are enough,
/// so that workers do not wait for each other. It is known by its tally for the port.
inline std::size_t own_queue(const Tally& tally, std::size_t count) noexcept {
  return reinterpret_cast<std::uintptr_t>(&tally) / sizeof(Tally) % count;
}

}  // namespace hpvmnet::host
