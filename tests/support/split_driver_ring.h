#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "support/driver_ring.h"

namespace hpvmnet::test {

/// The driver's side of a split virtqueue (virtio 1.2, clause 2.7). The parts in shared memory are
/// open to tests that want to break the rules.
class SplitDriverRing final : public DriverRing {
 public:
  SplitDriverRing(GuestRam& ram, const Options& options);

  bool packed() const override { return false; }
  std::uint32_t free_descriptors() const override { return free_count_; }
  std::uint32_t first_base() const override { return 0; }
  std::uint32_t lost_base() const override { return used_index(); }
  std::optional<std::uint16_t> offer(std::span<const ChainPiece> pieces,
                                     std::size_t indirect_from = kDirect) override;
  bool expose() override;
  std::optional<UsedChain> collect() override;
  bool collectable() const override { return used_index() != used_index_; }
  void request_interrupts() override;
  void suppress_interrupts() override;
  void reset() override;

  // The ring in memory, for tests that break the rules.
  RingDescriptor descriptor(std::uint32_t index) const;
  void set_descriptor(std::uint32_t index, const RingDescriptor& value);
  std::uint16_t available_index() const;
  void set_available_index(std::uint16_t index);
  void set_available_entry(std::uint32_t position, std::uint16_t head);
  std::uint16_t used_index() const;
  std::uint16_t used_flags() const;

 private:
  std::uint16_t take_descriptor();
  void give_back(std::uint16_t head);
  void fill_table(std::uint64_t table, std::span<const ChainPiece> pieces);
  bool kick_wanted(std::uint16_t before, std::uint16_t now) const;

  // What the device cannot touch: the free list (through next_), lengths of chains by head (0: not
  // out).
  std::vector<std::uint16_t> next_;
  std::vector<std::uint32_t> chain_length_;
  std::uint16_t first_free_ = 0;
  std::uint32_t free_count_ = 0;
  std::uint16_t available_index_ = 0;
  std::uint16_t exposed_index_ = 0;
  std::uint16_t used_index_ = 0;
};

/// A ring that is known to be a split one.
inline SplitDriverRing& split(DriverRing& ring) { return dynamic_cast<SplitDriverRing&>(ring); }

}  // namespace hpvmnet::test
