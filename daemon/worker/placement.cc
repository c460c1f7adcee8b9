#include "worker/placement.h"

#include <algorithm>

namespace hpvmnet {

std::size_t place_queue(std::span<const std::size_t> queues) {
  return static_cast<std::size_t>(std::min_element(queues.begin(), queues.end()) - queues.begin());
}

}  // namespace hpvmnet
