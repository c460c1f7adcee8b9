#pragma once

#include <array>
#include <memory>

#include <sys/socket.h>

#include "base/fd.h"
#include "base/lazy_array.h"
#include "base/result.h"
#include "host/rest.h"
#include "uplink/wire.h"

namespace hpvmnet::uplink {

/// A packet socket (packet(7)): works on every interface, and takes frames with what is left to do
/// for them (PACKET_VNET_HDR), so that checksums and segments are the interface's work or, where it
/// does none, the kernel's. Many frames a system call. The interface is promiscuous while it lives.
class PacketWire final : public Wire {
 public:
  /// `index`: of the interface.
  static Result<std::unique_ptr<Wire>> open(int index);

  void receive(QueueId queue, Burst& burst, Tally& tally) noexcept override;
  void release(QueueId /*queue*/) noexcept override {}  // the memory is its own
  void send(std::span<const Frame* const> frames, Tally& tally) noexcept override;
  Wait park(QueueId queue) noexcept override;
  std::span<const int> wake_descriptors() const noexcept override { return wakes_; }
  OffloadSet offloads() const noexcept override;
  std::string mode() const override { return "packet"; }

 private:
  // Beside each frame the kernel reports the tag that it took from it.
  struct alignas(cmsghdr) Aside {
    std::array<std::byte, 64> bytes;
  };

  PacketWire(Fd socket, Fd promiscuity);
  std::byte* slot(std::size_t index) noexcept { return &slots_[index * kSlotSize]; }
  int read(std::span<mmsghdr> messages, std::span<Aside> asides) noexcept;

  // Not a power of two, for which all frames would share the same few sets of the caches.
  static constexpr std::size_t kSlotSize = 68 * 1024;

  const Fd socket_;
  const Fd promiscuity_;
  const std::array<int, 1> wakes_;
  LazyArray<std::byte> slots_;  // of arriving frames
  host::Rest rest_;
};

}  // namespace hpvmnet::uplink
