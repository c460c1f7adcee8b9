#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace hpvmnet {

// Which worker has which ingress queue. Pure functions.

/// Where a new queue goes: to the worker with fewest, the first of those. `queues` holds the number
/// of queues by worker and is not empty.
std::size_t place_queue(std::span<const std::size_t> queues);

struct QueueLoad {
  std::size_t worker;
  std::uint64_t frames;  ///< in some period, the same for all queues
};

struct QueueMove {
  std::size_t queue;   ///< its place in the list of loads
  std::size_t worker;  ///< that it goes to
};

/// The one move that relieves the busiest worker most, by taking one of its queues to the idlest
/// one; none where that gains less than a tenth, so that queues do not wander.
std::optional<QueueMove> balance(std::span<const QueueLoad> queues, std::size_t workers);

}  // namespace hpvmnet
