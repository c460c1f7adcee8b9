#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "avio_lan/memory/guest_memory.h"
#include "avio_lan/ring/descriptor.h"
#include "frame/burst.h"

namespace hpvmnet::avio_lan {

/// What a driver has made available and nobody has used yet, read ahead: when a buffer's turn
/// comes, its descriptor has been judged, and its first cache lines have had the time of a burst to
/// come near. Recognises chains of the simple form, which nearly all are; the others are left to
/// Chain. Ring: SplitRing or PackedRing.
template <class Ring>
class LookAhead {
 public:
  /// A burst in use, and the next one.
  static constexpr std::uint32_t kCapacity = 2 * Burst::kCapacity;

  struct alignas(16) Entry {
    /// The memory, where one descriptor that points the right way describes all of it within one
    /// region; else nullptr.
    std::byte* data;
    std::uint32_t length;
    std::uint32_t handle;  ///< as in Ring::Found
  };

  LookAhead(const Ring& ring, Direction direction) noexcept
      : direction_(direction), position_(ring.next_available()) {}

  /// How many entries are known, from the ring's next one on.
  std::uint32_t size() const noexcept { return size_; }

  /// Reads on until `wanted` entries are known (at most kCapacity) or all that there are. False:
  /// the driver has broken the ring.
  bool extend(const Ring& ring, std::uint32_t wanted) noexcept;

  /// The number of the ring's next entry; they are counted from the ring's start on.
  std::uint32_t next() const noexcept { return next_; }
  /// The entry of a number: one that is known, or one of a burst's that has been taken since the
  /// last extend().
  const Entry& operator[](std::uint32_t number) const noexcept {
    return entries_[number % kCapacity];
  }

  /// Goes with Ring::take(), and comes after it. Entries that were not known may be taken, too.
  void take(const Ring& ring, std::uint32_t count) noexcept {
    next_ += count;
    if (count <= size_) [[likely]] {
      size_ -= count;
    } else {
      size_ = 0;
      position_ = ring.next_available();
    }
  }

 private:
  template <Direction kDirection>
  bool extend_to(const Ring& ring, std::uint32_t wanted) noexcept;

  const Direction direction_;
  std::uint16_t position_;  // of what is to be read next
  std::uint32_t next_ = 0;
  std::uint32_t size_ = 0;
  GuestMemory::Window window_;
  std::array<Entry, kCapacity> entries_;
};

}  // namespace hpvmnet::avio_lan
