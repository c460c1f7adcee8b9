#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include <sys/types.h>

#include "avio_lan/memory/bus_fault.h"
#include "base/fd.h"
#include "base/result.h"

namespace hpvmnet::avio_lan {

/// Owns the mapping of one memory region of a guest, which is shared with the guest and belongs to
/// a hostile process: it may change or vanish at any moment (see BusFaultGuard). Not part of core
/// dumps.
class RegionMapping {
  struct Private {};

 public:
  /// Maps `size` bytes (more than 0) from `offset` of `file` on, which is not needed afterwards.
  /// `loss_event`, a non-blocking eventfd, is signalled when the memory is lost; it outlives the
  /// mapping. Refused: anything but files whose pages come from this host's memory or disks (a
  /// file system in user space or on the network could make a worker wait for ever), and regions
  /// that do not lie in their file. The texts begin with "its file", for the caller to name the
  /// region.
  static Result<std::shared_ptr<const RegionMapping>> map(const Fd& file, std::uint64_t offset,
                                                          std::uint64_t size, int loss_event);

  /// Where bytes come from: the same origin means the same bytes.
  struct Origin {
    dev_t device = 0;
    ino_t file = 0;
    std::uint64_t offset = 0;
    bool operator==(const Origin&) const = default;
  };
  static Result<Origin> origin_of(const Fd& file, std::uint64_t offset);

  RegionMapping(Private, Origin origin, void* begin, std::size_t length, std::size_t lead,
                int loss_event) noexcept
      : origin_(origin),
        begin_(begin),
        length_(length),
        lead_(lead),
        guard_(std::in_place, begin, length, loss_event) {}
  RegionMapping(const RegionMapping&) = delete;
  RegionMapping& operator=(const RegionMapping&) = delete;
  ~RegionMapping();

  /// The first byte of the region.
  std::byte* data() const noexcept { return static_cast<std::byte*>(begin_) + lead_; }
  const Origin& origin() const noexcept { return origin_; }
  bool lost() const noexcept { return guard_->lost(); }

 private:
  const Origin origin_;
  void* begin_;         // on a page border, `lead_` bytes before the region
  std::size_t length_;  // whole pages
  std::size_t lead_;
  std::optional<BusFaultGuard> guard_;
};

}  // namespace hpvmnet::avio_lan
