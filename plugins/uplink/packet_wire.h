#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "base/fd.h"
#include "base/result.h"
#include "host/wake_set.h"
#include "uplink/packet_ring.h"
#include "uplink/wire.h"

namespace hpvmnet::uplink {

/// A packet socket (packet(7)): works on every interface, and takes frames with what is left to do
/// for them (PACKET_VNET_HDR), so that checksums and segments are the interface's work or, where it
/// does none, the kernel's. Frames arrive in memory that the kernel shares; many leave with a
/// system call.
class PacketWire final : public Wire {
 public:
  /// `index` and `mtu`: of the interface.
  static Result<std::unique_ptr<Wire>> open(int index, std::uint32_t mtu);

  void receive(QueueId queue, Burst& burst, Tally& tally) noexcept override;
  void release(QueueId /*queue*/) noexcept override { arrived_->release(); }
  void send(std::span<const Frame* const> frames, Tally& tally) noexcept override;
  Wait park(QueueId queue) noexcept override;
  std::span<const int> wake_descriptors() const noexcept override { return wakes_; }
  OffloadSet offloads() const noexcept override;
  std::string mode() const override { return "packet"; }

 private:
  PacketWire(Fd socket, host::WakeSet wake_set, std::unique_ptr<PacketRing> arrived);

  const Fd socket_;
  host::WakeSet wake_set_;
  const std::array<int, 1> wakes_;
  const std::unique_ptr<PacketRing> arrived_;
};

}  // namespace hpvmnet::uplink
