#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <tuple>

#include "avio_lan/memory/guest_memory.h"
#include "avio_lan/protocol/message.h"
#include "base/result.h"

namespace hpvmnet::avio_lan {

/// The guest's memory as the front end has described it so far. Each change makes a new
/// GuestMemory or, on error, changes nothing; who still holds the one before keeps it mapped.
/// Control thread only.
class MemoryTable {
 public:
  /// Regions that a guest may have at a time: as many as QEMU and KVM can use.
  static constexpr std::size_t kMaxRegions = 509;
  /// Bytes that they may have altogether. Keeps a hostile front end from filling the daemon's
  /// address space with regions of an empty file.
  static constexpr std::uint64_t kMaxBytes = 4ULL << 40;

  /// `loss_event` is signalled when mapped memory is lost (see BusFaultGuard).
  explicit MemoryTable(int loss_event);

  /// Never null.
  const std::shared_ptr<const GuestMemory>& memory() const noexcept { return memory_; }
  /// Some of it has been taken away behind our back.
  bool lost() const;

  Status replace(const Message& table);  ///< SET_MEM_TABLE
  /// ADD_MEM_REG and REM_MEM_REG. QEMU before 8.0 sends each once for every pair of queues; a
  /// region that was added several times stays until it has been removed as often.
  Status add(const Message& slot);
  Status remove(const Message& slot);

 private:
  using Place = std::tuple<std::uint64_t, std::uint64_t, std::uint64_t>;  // guest, user, size

  Result<MemoryRegion> map(const WireRegion& wire, const Fd& file) const;
  Status assume(std::vector<MemoryRegion> regions);

  int loss_event_;
  std::shared_ptr<const GuestMemory> memory_;
  std::map<Place, unsigned> repeated_;  // regions that were added again, and how often
};

}  // namespace hpvmnet::avio_lan
