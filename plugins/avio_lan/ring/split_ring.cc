#include "avio_lan/ring/split_ring.h"

#include <unistd.h>

namespace hpvmnet::avio_lan {

void SplitRing::interrupt() const noexcept {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(setup_.call, &one, sizeof one);
}

}  // namespace hpvmnet::avio_lan
