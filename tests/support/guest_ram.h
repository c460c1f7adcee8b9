#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <vector>

#include "base/fd.h"
#include "support/bytes.h"

namespace hpvmnet::test {

/// Where a region of guest memory lies for the guest.
struct RegionLayout {
  std::uint64_t guest = 0;  ///< guest physical address of the first byte
  std::uint64_t size = 0;   ///< bytes; a multiple of the page size
};

/// The memory of a guest: regions in memfds of their own, which can be shared with a switch.
///
/// Each region has three addresses that have nothing to do with each other: the guest's, this
/// process's, and the front end's "user" address, which is the one that ring addresses are given
/// in. Regions that follow each other for the guest are far apart in the other two. Throws
/// std::out_of_range where an address is not the guest's.
class GuestRam {
 public:
  struct Region {
    std::uint64_t guest;
    std::uint64_t size;
    std::uint64_t user;
    std::byte* host;
    Fd descriptor;
    std::uint64_t allocated;
  };

  explicit GuestRam(const std::vector<RegionLayout>& layout = {{0, 64U << 20}});
  GuestRam(const GuestRam&) = delete;
  GuestRam& operator=(const GuestRam&) = delete;
  ~GuestRam();

  /// A new region, zeroed. References to regions stay valid.
  const Region& add(const RegionLayout& layout);
  const std::list<Region>& regions() const { return regions_; }
  const Region& region(std::size_t index) const;

  /// `length` bytes in one region.
  std::byte* at(std::uint64_t guest, std::uint64_t length = 1) const;
  /// The user address of a guest address.
  std::uint64_t user(std::uint64_t guest) const;

  /// Copies; the bytes may lie in several regions.
  void write(std::uint64_t guest, ByteView bytes) const;
  void read(std::uint64_t guest, std::size_t length, Bytes& append_to) const;
  Bytes read(std::uint64_t guest, std::size_t length) const;

  /// Sets memory of one region aside, from its beginning on.
  std::uint64_t allocate(std::uint64_t length, std::uint64_t alignment = 64,
                         std::size_t region = 0);

 private:
  const Region* find(std::uint64_t guest) const;

  std::list<Region> regions_;
};

}  // namespace hpvmnet::test
