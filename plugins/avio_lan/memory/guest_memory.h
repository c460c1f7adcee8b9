#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/result.h"

namespace hpvmnet::avio_lan {

class RegionMapping;  // owns the mmap of one region; see region_mapping.h

/// One memory region as the front end described it.
struct MemoryRegion {
  std::uint64_t guest = 0;    ///< guest physical address of its first byte
  std::uint64_t size = 0;     ///< bytes
  std::uint64_t user = 0;     ///< the front end's own address of its first byte
  std::byte* host = nullptr;  ///< ours
  std::shared_ptr<const RegionMapping> mapping;
};

/// The memory of one guest: an immutable table of regions. A change makes a new table, which shares
/// the mappings that stay. Any thread may read it; what it points to belongs to a hostile guest.
class GuestMemory {
 public:
  /// Regions in any order. Refused: empty regions, overlaps (by guest or by user address),
  /// addresses that wrap around.
  static Result<std::shared_ptr<const GuestMemory>> make(std::vector<MemoryRegion> regions);

  /// The region that a caller's last address was in, so that the next one, which mostly is there,
  /// too, costs no look at the table. Starts empty; good for one GuestMemory.
  struct Window {
    std::uint64_t guest = 0;
    std::uint64_t size = 0;
    std::byte* host = nullptr;
  };

  /// The longest run of bytes at guest address `address`, at most `length`, that lies in one
  /// region; empty where there is no region. A caller keeps its window from call to call.
  std::span<std::byte> at(std::uint64_t address, std::uint64_t length,
                          Window& window) const noexcept {
    std::uint64_t offset = address - window.guest;  // wraps to a large value when below
    if (offset >= window.size) [[unlikely]] {
      if (!move(window, address)) return {};
      offset = address - window.guest;
    }
    const std::uint64_t left = window.size - offset;
    return {window.host + offset, static_cast<std::size_t>(length < left ? length : left)};
  }

  /// `length` bytes (more than 0) at the front end's own address `address`, in one region; nullptr
  /// where they are not. For rings, whose addresses the protocol gives that way.
  std::byte* at_user_address(std::uint64_t address, std::uint64_t length) const noexcept;

  std::span<const MemoryRegion> regions() const noexcept { return regions_; }

 private:
  explicit GuestMemory(std::vector<MemoryRegion> regions) noexcept;

  /// To the region of `address`, if there is one.
  bool move(Window& window, std::uint64_t address) const noexcept;

  std::vector<MemoryRegion> regions_;  // by guest address
};

}  // namespace hpvmnet::avio_lan
