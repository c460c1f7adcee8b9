#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "support/driver_ring.h"

namespace hpvmnet::test {

/// The driver's side of a packed virtqueue (virtio 1.2, clause 2.8). A chain with an indirect table
/// has nothing beside it.
///
/// Positions count descriptors from the ring's beginning on.
class PackedDriverRing final : public DriverRing {
 public:
  PackedDriverRing(GuestRam& ram, const Options& options);

  bool packed() const override { return true; }
  std::uint32_t free_descriptors() const override { return size_ - (available_ - used_); }
  std::uint32_t first_base() const override { return 0x8000'8000; }
  /// Nothing in memory says it, so front ends repeat what they said when they started the ring.
  std::uint32_t lost_base() const override { return first_base(); }
  std::optional<std::uint16_t> offer(std::span<const ChainPiece> pieces,
                                     std::size_t indirect_from = kDirect) override;
  bool expose() override;
  std::optional<UsedChain> collect() override;
  bool collectable() const override;
  void request_interrupts() override;
  void suppress_interrupts() override;
  void reset() override;

  /// Where the device's next used descriptor is expected.
  std::uint32_t used_position() const { return used_; }
  /// Guest address of a descriptor, whose last two bytes are its flags.
  std::uint64_t descriptor_at(std::uint32_t position) const {
    return descriptors_at() + std::uint64_t{16} * (position % size_);
  }

 private:
  bool wrap_counter(std::uint32_t position) const { return position / size_ % 2 == 0; }
  std::uint16_t available_marks(std::uint32_t position) const;
  void write(std::uint32_t position, const ChainPiece& piece, std::uint16_t id,
             std::uint16_t flags);
  bool kick_wanted(std::uint32_t before) const;
  std::uint64_t answer() const;

  // What the device cannot touch.
  std::uint32_t available_ = 0;     // position behind all that is offered
  std::uint32_t exposed_ = 0;       // position behind all that is shown
  std::uint32_t used_ = 0;          // position behind all that has come back
  std::uint16_t hidden_flags_ = 0;  // of the descriptor at exposed_, whose writing shows it
  std::vector<std::uint16_t> free_ids_;
  std::vector<std::uint32_t> chain_length_;  // by id; 0: not out
};

}  // namespace hpvmnet::test
