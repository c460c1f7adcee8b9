#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "base/fd.h"
#include "base/lazy_array.h"
#include "base/result.h"
#include "frame/burst.h"
#include "frame/tally.h"

namespace hpvmnet::uplink {

/// The arriving frames of a packet socket in memory that the kernel shares (packet(7),
/// PACKET_RX_RING): no system call to get them, and lent from where the kernel has written them.
///
/// TPACKET_V2, since it shows each frame at once; version 3 hands over blocks of them, full or some
/// milliseconds old. A frame too long for its slot, as large segments are, is fetched from the
/// socket's queue at its turn. One thread, from the first receive() on.
class PacketRing {
 public:
  /// On a socket that is not bound yet and outlives the ring. `mtu`: of the interface; frames as
  /// long as that have room.
  static Result<std::unique_ptr<PacketRing>> make(const Fd& socket, std::uint32_t mtu);

  /// Lends what has arrived.
  void receive(Burst& burst, Tally& tally) noexcept;
  /// Takes back what the last receive() has lent.
  void release() noexcept;
  /// Whether receive() would find something.
  bool waiting() const noexcept;

 private:
  struct Unmap {
    std::size_t size;
    void operator()(std::byte* memory) const noexcept;
  };
  using Mapping = std::unique_ptr<std::byte, Unmap>;

  PacketRing(int socket, Mapping memory, std::uint32_t slot_size);
  std::byte* slot(std::uint32_t offset) const noexcept;
  std::span<const std::byte> fetch(std::size_t place, Offload& offload) noexcept;

  static constexpr std::uint32_t kSlots = 512;
  // Not a power of two, for which all frames would share the same few sets of the caches.
  static constexpr std::size_t kLongSlotSize = 68 * 1024;

  const int socket_;
  const Mapping memory_;
  const std::uint32_t slot_size_;
  std::uint32_t first_ = 0;      // the slot that comes next
  std::uint32_t taken_ = 0;      // slots from there on that receive() has been through
  LazyArray<std::byte> longer_;  // frames that were fetched, by place in the burst
};

}  // namespace hpvmnet::uplink
