#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace hpvmnet::avio_lan {

static_assert(std::endian::native == std::endian::little,
              "virtio 1 is little-endian, legacy devices have the guest's byte order");

/// A descriptor of either kind of ring (virtio 1.2, clauses 2.7.5 and 2.8.13), copied out of guest
/// memory once and then judged.
struct Descriptor {
  static constexpr std::uint16_t kNext = 1;
  static constexpr std::uint16_t kWrite = 2;
  static constexpr std::uint16_t kIndirect = 4;

  std::uint64_t address;
  std::uint32_t length;
  std::uint16_t flags;
  std::uint16_t link;  ///< split: index of the next descriptor; packed: the buffer's id
};

inline constexpr std::size_t kDescriptorSize = 16;
static_assert(sizeof(Descriptor) == kDescriptorSize);

/// Which way a chain's descriptors must point; a chain of a network queue has one direction only.
/// The values are those of a descriptor's flags.
enum class Direction : std::uint16_t { to_device = 0, to_guest = Descriptor::kWrite };

/// Both halves of what lies at `from`, aligned to 8 bytes.
inline std::pair<std::uint64_t, std::uint64_t> read_halves(const std::byte* from) noexcept {
  auto* words = reinterpret_cast<std::uint64_t*>(const_cast<std::byte*>(from));
  const std::uint64_t first = std::atomic_ref(words[0]).load(std::memory_order_relaxed);
  return {first, std::atomic_ref(words[1]).load(std::memory_order_relaxed)};
}

/// A 16-bit field of a ring in guest memory, which the driver may change at any time.
inline std::atomic_ref<std::uint16_t> shared_word(std::byte* at) noexcept {
  return std::atomic_ref(*reinterpret_cast<std::uint16_t*>(at));
}

}  // namespace hpvmnet::avio_lan
