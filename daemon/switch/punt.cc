#include "switch/punt.h"

#include <mutex>

#include "frame/copy.h"

namespace hpvmnet {

void Punt::offer(std::uint16_t port, Domain domain, const Frame& frame) noexcept {
  {
    if (!lock_.try_lock()) return;
    const std::lock_guard guard(lock_, std::adopt_lock);
    if (count_ == kCapacity) return;
    Item& item = items_[(first_ + count_++) % kCapacity];
    item.port = port;
    item.domain = domain;
    item.length = frame.head_length;
    copy_short(item.bytes.data(), frame.head.data(), frame.head_length);
  }
  arrived_.raise();
}

std::optional<Punt::Item> Punt::take() {
  const std::lock_guard guard(lock_);
  if (count_ == 0) return std::nullopt;
  const Item item = items_[first_];
  first_ = (first_ + 1) % kCapacity;
  --count_;
  return item;
}

}  // namespace hpvmnet
