#include "worker/placement.h"

#include <algorithm>
#include <vector>

namespace hpvmnet {

std::size_t place_queue(std::span<const std::size_t> queues) {
  return static_cast<std::size_t>(std::ranges::min_element(queues) - queues.begin());
}

std::optional<QueueMove> balance(std::span<const QueueLoad> queues, std::size_t workers) {
  std::vector<std::uint64_t> frames(workers);
  for (const QueueLoad& queue : queues) frames[queue.worker] += queue.frames;
  const auto [idlest, busiest] = std::ranges::minmax_element(frames);
  const auto from = static_cast<std::size_t>(busiest - frames.begin());
  const auto to = static_cast<std::size_t>(idlest - frames.begin());

  std::optional<QueueMove> best;
  std::uint64_t best_peak = *busiest - *busiest / 10;
  for (std::size_t i = 0; i < queues.size(); ++i) {
    if (queues[i].worker != from || queues[i].frames == 0) continue;
    const std::uint64_t peak = std::max(*busiest - queues[i].frames, *idlest + queues[i].frames);
    if (peak >= best_peak) continue;
    best_peak = peak;
    best = {i, to};
  }
  return best;
}

}  // namespace hpvmnet
