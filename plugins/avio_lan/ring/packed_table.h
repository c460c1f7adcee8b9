#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "avio_lan/ring/descriptor.h"

namespace hpvmnet::avio_lan {

/// The descriptors of a packed ring, by position.
///
/// Positions count descriptors. Sizes are powers of two, so the low bits of a position are the
/// index in the table, and the next bit tells the wrap counter: 1 where it is clear.
class PackedTable {
 public:
  // Flags beside Descriptor's (virtio 1.2, clause 2.8.1).
  static constexpr std::uint16_t kAvailable = 1U << 7;
  static constexpr std::uint16_t kUsed = 1U << 15;
  static constexpr std::uint16_t kMarks = kAvailable | kUsed;

  PackedTable(std::byte* start, std::uint32_t size) noexcept : start_(start), size_(size) {}

  std::byte* at(std::uint32_t position) const noexcept {
    return start_ + kDescriptorSize * (position & (size_ - 1));
  }
  /// Length, id and flags.
  std::atomic_ref<std::uint64_t> second_half(std::uint32_t position) const noexcept {
    return std::atomic_ref(*reinterpret_cast<std::uint64_t*>(at(position) + 8));
  }
  std::atomic_ref<std::uint16_t> flags(std::uint32_t position) const noexcept {
    return shared_word(at(position) + 14);
  }

  /// The marks of a descriptor that was used at a position.
  std::uint16_t used_marks(std::uint32_t position) const noexcept {
    return (position & size_) == 0 ? kMarks : std::uint16_t{0};
  }
  /// second_half() of such a descriptor.
  std::uint64_t used_entry(std::uint32_t position, std::uint32_t id,
                           std::uint32_t written) const noexcept {
    const std::uint32_t flags = used_marks(position) | (written > 0 ? Descriptor::kWrite : 0U);
    return written | static_cast<std::uint64_t>(id | flags << 16) << 32;
  }

  /// Available: one mark is the wrap counter, the other one its inverse.
  bool is_available(std::uint32_t position) const noexcept {
    return (differing(position) & kMarks) == kUsed;
  }
  /// Used at this position, or made available again since.
  bool is_returned(std::uint32_t position) const noexcept {
    return (differing(position) & kUsed) == 0;
  }

 private:
  unsigned differing(std::uint32_t position) const noexcept {
    return flags(position).load(std::memory_order_acquire) ^ used_marks(position);
  }

  std::byte* start_;
  std::uint32_t size_;
};

/// Positions as the protocol and drivers write them: an index, and above its 15 bits the wrap
/// counter.
constexpr std::uint16_t packed_position(std::uint32_t written, std::uint32_t size) noexcept {
  const std::uint32_t round = (written & 0x8000) != 0 ? 0 : size;
  return static_cast<std::uint16_t>((written & (size - 1)) | round);
}
constexpr std::uint16_t written_position(std::uint32_t position, std::uint32_t size) noexcept {
  const std::uint32_t wrap_counter = (position & size) == 0 ? 0x8000 : 0;
  return static_cast<std::uint16_t>((position & (size - 1)) | wrap_counter);
}

}  // namespace hpvmnet::avio_lan
