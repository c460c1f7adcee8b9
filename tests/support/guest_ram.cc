#include "support/guest_ram.h"

#include <cerrno>
#include <system_error>

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

namespace hpvmnet::test {
namespace {

// Far apart and falling, so that no two regions are neighbours in the order of guest addresses.
constexpr std::uint64_t kUserBase = 0x7000'0000'0000;
constexpr std::uint64_t kUserDistance = 0x10'0000'0000;

[[noreturn]] void system_error(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

GuestRam::GuestRam(const std::vector<RegionLayout>& layout) {
  for (const RegionLayout& one : layout) add(one);
}

GuestRam::~GuestRam() {
  for (const Region& region : regions_) ::munmap(region.host, region.size);
}

const GuestRam::Region& GuestRam::add(const RegionLayout& layout) {
  Fd descriptor(::memfd_create("guest", MFD_CLOEXEC));
  if (!descriptor || ::ftruncate(descriptor.get(), static_cast<off_t>(layout.size)) != 0) {
    system_error("memory of a guest");
  }
  void* mapped =
      ::mmap(nullptr, layout.size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor.get(), 0);
  if (mapped == MAP_FAILED) system_error("memory of a guest");
  const std::uint64_t user = kUserBase - kUserDistance * regions_.size();
  return regions_.emplace_back(Region{layout.guest, layout.size, user,
                                      static_cast<std::byte*>(mapped), std::move(descriptor), 0});
}

const GuestRam::Region& GuestRam::region(std::size_t index) const {
  if (index >= regions_.size()) throw std::out_of_range(fmt::format("no region {}", index));
  return *std::next(regions_.begin(), static_cast<std::ptrdiff_t>(index));
}

const GuestRam::Region* GuestRam::find(std::uint64_t guest) const {
  for (const Region& region : regions_) {
    if (guest >= region.guest && guest - region.guest < region.size) return &region;
  }
  return nullptr;
}

std::byte* GuestRam::at(std::uint64_t guest, std::uint64_t length) const {
  const Region* region = find(guest);
  if (region == nullptr || region->size - (guest - region->guest) < length) {
    throw std::out_of_range(fmt::format("{} bytes at guest address {:#x}", length, guest));
  }
  return region->host + (guest - region->guest);
}

std::uint64_t GuestRam::user(std::uint64_t guest) const {
  const Region* region = find(guest);
  if (region == nullptr) throw std::out_of_range(fmt::format("guest address {:#x}", guest));
  return region->user + (guest - region->guest);
}

void GuestRam::write(std::uint64_t guest, ByteView bytes) const {
  while (!bytes.empty()) {
    std::byte* to = at(guest);
    const Region* region = find(guest);
    const std::size_t left = region->size - (guest - region->guest);
    const ByteView now = bytes.first(std::min(left, bytes.size()));
    std::memcpy(to, now.data(), now.size());
    bytes = bytes.subspan(now.size());
    guest += now.size();
  }
}

void GuestRam::read(std::uint64_t guest, std::size_t length, Bytes& append_to) const {
  while (length > 0) {
    const std::byte* from = at(guest);
    const Region* region = find(guest);
    const std::size_t left = region->size - (guest - region->guest);
    const std::size_t now = std::min(left, length);
    append(append_to, {from, now});
    length -= now;
    guest += now;
  }
}

Bytes GuestRam::read(std::uint64_t guest, std::size_t length) const {
  Bytes bytes;
  read(guest, length, bytes);
  return bytes;
}

std::uint64_t GuestRam::allocate(std::uint64_t length, std::uint64_t alignment,
                                 std::size_t region) {
  Region& from = const_cast<Region&>(this->region(region));
  const std::uint64_t begin = (from.allocated + alignment - 1) / alignment * alignment;
  if (begin > from.size || from.size - begin < length) {
    throw std::out_of_range(fmt::format("region {} has no {} bytes left", region, length));
  }
  from.allocated = begin + length;
  return from.guest + begin;
}

}  // namespace hpvmnet::test
