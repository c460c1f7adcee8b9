#pragma once

#include <cstddef>
#include <span>

namespace hpvmnet {

/// Which worker a new ingress queue goes to: the one with fewest, the first of those. `queues`
/// holds the number of queues by worker and is not empty. Pure.
std::size_t place_queue(std::span<const std::size_t> queues);

}  // namespace hpvmnet
