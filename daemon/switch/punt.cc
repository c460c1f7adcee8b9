#include "switch/punt.h"

#include <mutex>

#include "frame/copy.h"

namespace hpvmnet {

MacAddress Punt::Item::address_at(std::size_t at) const {
  std::uint64_t address = 0;
  for (const std::byte byte : std::span(bytes).subspan(at, 6)) {
    address = address << 8 | static_cast<std::uint64_t>(byte);
  }
  return MacAddress(address);
}

void Punt::offer(std::uint16_t port, Domain domain, const Frame& frame) noexcept {
  if (put(port, domain, frame)) arrived_.raise();
}

// Returns whether it is the only one.
bool Punt::put(std::uint16_t port, Domain domain, const Frame& frame) noexcept {
  if (!lock_.try_lock()) return false;
  const std::lock_guard guard(lock_, std::adopt_lock);
  if (count_ == kCapacity || waiting_of(port) == kCapacityOfPort) return false;
  Slot& free = slot(count_);
  free.port = port;
  free.domain = domain;
  free.length = copy_beginning(free.bytes, frame);
  return ++count_ == 1;
}

std::size_t Punt::waiting_of(std::uint16_t port) const noexcept {
  std::size_t waiting = 0;
  for (std::size_t i = 0; i < count_; ++i) {
    if (slots_[(first_ + i) % kCapacity].port == port) ++waiting;
  }
  return waiting;
}

std::optional<Punt::Item> Punt::take() {
  const std::lock_guard guard(lock_);
  if (count_ == 0) return std::nullopt;
  const Slot& oldest = slot(0);
  Item item{oldest.port, oldest.domain, {}};
  item.bytes.assign(oldest.bytes.begin(), oldest.bytes.begin() + oldest.length);
  first_ = (first_ + 1) % kCapacity;
  --count_;
  return item;
}

}  // namespace hpvmnet
