#include "avio_lan/memory/guest_memory.h"

#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/format.h>

namespace hpvmnet::avio_lan {
namespace {

using Address = std::uint64_t MemoryRegion::*;

bool wraps_around(std::uint64_t address, std::uint64_t size) {
  return size - 1 > std::numeric_limits<std::uint64_t>::max() - address;
}

// Sorts by the address that `address` names and judges neighbours. Sizes are known not to be 0.
Status check_apart(std::vector<MemoryRegion>& regions, Address address, const char* kind) {
  std::ranges::sort(regions, {}, address);
  for (std::size_t i = 0; i < regions.size(); ++i) {
    const MemoryRegion& region = regions[i];
    if (wraps_around(region.*address, region.size)) {
      return fail(ErrorCode::invalid_argument,
                  fmt::format("the memory region at {} address {:#x} with {:#x} bytes wraps around",
                              kind, region.*address, region.size));
    }
    if (i > 0 && region.*address - regions[i - 1].*address < regions[i - 1].size) {
      return fail(ErrorCode::invalid_argument,
                  fmt::format("the memory regions at {} addresses {:#x} and {:#x} overlap", kind,
                              regions[i - 1].*address, region.*address));
    }
  }
  return {};
}

}  // namespace

Result<std::shared_ptr<const GuestMemory>> GuestMemory::make(std::vector<MemoryRegion> regions) {
  for (const MemoryRegion& region : regions) {
    if (region.size == 0) {
      return fail(ErrorCode::invalid_argument,
                  fmt::format("the memory region at guest address {:#x} is empty", region.guest));
    }
  }
  return check_apart(regions, &MemoryRegion::user, "user")
      .and_then([&] { return check_apart(regions, &MemoryRegion::guest, "guest"); })
      .map([&] { return std::shared_ptr<const GuestMemory>(new GuestMemory(std::move(regions))); });
}

GuestMemory::GuestMemory(std::vector<MemoryRegion> regions) noexcept
    : regions_(std::move(regions)) {}

bool GuestMemory::move(Window& window, std::uint64_t address) const noexcept {
  const auto above = std::ranges::upper_bound(regions_, address, {}, &MemoryRegion::guest);
  if (above == regions_.begin()) return false;
  const MemoryRegion& below = *std::prev(above);
  if (address - below.guest >= below.size) return false;
  window = {below.guest, below.size, below.host};
  return true;
}

std::byte* GuestMemory::at_user_address(std::uint64_t address,
                                        std::uint64_t length) const noexcept {
  for (const MemoryRegion& region : regions_) {
    const std::uint64_t offset = address - region.user;  // wraps to a large value when below
    if (offset < region.size && length <= region.size - offset) return region.host + offset;
  }
  return nullptr;
}

}  // namespace hpvmnet::avio_lan
