#include "avio_lan/ring/look_ahead.h"

#include <algorithm>

#include "frame/prefetch.h"

namespace hpvmnet::avio_lan {
namespace {

// Two lines: the header, and the head of a frame of the shortest length.
template <Direction kDirection>
void prefetch(const std::byte* data) noexcept {
  for (const std::byte* line : {data, data + kCacheLine}) {
    if constexpr (kDirection == Direction::to_guest) {
      prefetch_to_write(line);
    } else {
      prefetch_to_read(line);
    }
  }
}

}  // namespace

bool LookAhead::extend(const SplitRing& ring, std::uint32_t wanted) noexcept {
  const std::uint32_t available = ring.available();
  if (available > ring.size()) return false;
  const std::uint32_t end = std::min(wanted, available);
  return direction_ == Direction::to_guest ? extend_to<Direction::to_guest>(ring, end)
                                           : extend_to<Direction::to_device>(ring, end);
}

// The members are used through local variables, which stores to memory cannot change.
template <Direction kDirection>
bool LookAhead::extend_to(const SplitRing& ring, std::uint32_t end) noexcept {
  const SplitRing::Reader reader(ring);
  const GuestMemory& memory = *ring.setup().memory;
  const std::uint32_t first = ring.next_available();
  const std::uint32_t ring_size = ring.size();
  GuestMemory::Window window = window_;
  for (std::uint32_t known = size_; known < end; ++known) {
    const std::uint32_t head = reader.head(known);
    if (head >= ring_size) return false;
    const Descriptor descriptor = reader.descriptor(head);
    std::byte* data = nullptr;
    if (descriptor.flags == static_cast<std::uint16_t>(kDirection)) {
      const auto bytes = memory.at(descriptor.address, descriptor.length, window);
      if (bytes.size() == descriptor.length) data = bytes.data();
      prefetch<kDirection>(bytes.data());
    }
    entries_[(first + known) % kCapacity] = {data, descriptor.length, head};
  }
  size_ = std::max(size_, end);
  window_ = window;
  return true;
}

}  // namespace hpvmnet::avio_lan
