#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "avio_lan/memory/guest_memory.h"
#include "avio_lan/ring/split_ring.h"
#include "frame/burst.h"

namespace hpvmnet::avio_lan {

/// What a driver has made available and nobody has used yet, read ahead: when a buffer's turn
/// comes, its descriptor has been judged, and its first cache lines have had the time of a burst to
/// come near. Recognises chains of the simple form, which nearly all are; the others are left to
/// Chain.
class LookAhead {
 public:
  /// A burst in use, and the next one.
  static constexpr std::uint32_t kCapacity = 2 * Burst::kCapacity;

  struct alignas(16) Entry {
    /// The memory, where one descriptor that points the right way describes all of it within one
    /// region; else nullptr.
    std::byte* data;
    std::uint32_t length;
    std::uint32_t head;  ///< below the ring's size
  };

  explicit LookAhead(Direction direction) noexcept : direction_(direction) {}

  /// How many entries are known, from the ring's next one on.
  std::uint32_t size() const noexcept { return size_; }

  /// Reads on until `wanted` entries are known (at most kCapacity) or all that there are. False:
  /// the driver has broken the ring.
  bool extend(const SplitRing& ring, std::uint32_t wanted) noexcept;

  /// The entry of an index of the available ring: one that is known, or one of a burst's that has
  /// been taken since the last extend().
  const Entry& operator[](std::uint32_t index) const noexcept {
    return entries_[index % kCapacity];
  }

  /// Goes with SplitRing::take(). Entries that were not known may be taken, too.
  void take(std::uint32_t count) noexcept { size_ -= count < size_ ? count : size_; }

 private:
  template <Direction kDirection>
  bool extend_to(const SplitRing& ring, std::uint32_t end) noexcept;

  const Direction direction_;
  std::uint32_t size_ = 0;
  GuestMemory::Window window_;
  std::array<Entry, kCapacity> entries_;
};

}  // namespace hpvmnet::avio_lan
