#include "avio_lan/ring/look_ahead.h"

#include "avio_lan/ring/packed_ring.h"
#include "avio_lan/ring/split_ring.h"
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

template <class Ring>
bool LookAhead<Ring>::extend(const Ring& ring, std::uint32_t wanted) noexcept {
  return direction_ == Direction::to_guest ? extend_to<Direction::to_guest>(ring, wanted)
                                           : extend_to<Direction::to_device>(ring, wanted);
}

// The members are used through local variables, which stores to memory cannot change.
template <class Ring>
template <Direction kDirection>
bool LookAhead<Ring>::extend_to(const Ring& ring, std::uint32_t wanted) noexcept {
  std::uint32_t known = size_;
  if (known >= wanted) return true;
  typename Ring::Reader reader(ring, position_, wanted - known);
  if (reader.broken()) return false;
  const GuestMemory& memory = *ring.setup().memory;
  const std::uint32_t first = next_;
  GuestMemory::Window window = window_;
  for (; reader.more(); ++known) {
    typename Ring::Found found;
    if (!reader.read(found)) return false;
    const Descriptor& descriptor = found.first;
    std::byte* data = nullptr;
    if (descriptor.flags == static_cast<std::uint16_t>(kDirection)) {
      const auto bytes = memory.at(descriptor.address, descriptor.length, window);
      if (bytes.size() == descriptor.length) data = bytes.data();
      if (!bytes.empty()) prefetch<kDirection>(bytes.data());
    }
    entries_[(first + known) % kCapacity] = {data, descriptor.length, found.handle};
  }
  size_ = known;
  position_ = reader.position();
  window_ = window;
  return true;
}

template class LookAhead<SplitRing>;
template class LookAhead<PackedRing>;

}  // namespace hpvmnet::avio_lan
