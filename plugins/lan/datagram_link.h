#pragma once

#include <array>
#include <span>

#include <sys/socket.h>

#include "base/lazy_array.h"
#include "base/spin_lock.h"
#include "host/rest.h"
#include "lan/datagram_end.h"
#include "lan/link.h"

namespace hpvmnet::lan {

/// A vNIC behind QEMU's `-netdev dgram`: a frame a datagram, many datagrams a system call. A
/// datagram is taken whole or not at all, so that nothing is ever kept for later.
class DatagramLink final : public Link {
 public:
  /// `end` is connected; it and `ended` outlive the link.
  DatagramLink(DatagramEnd& end, Signal& ended);

  void receive(Burst& burst, Tally& tally) noexcept override;
  void send(std::span<const Frame* const> frames, Tally& tally) noexcept override;
  Wait park() noexcept override;
  int wake_descriptor() const noexcept override { return end_.socket(); }
  bool peer_alive() const noexcept override { return end_.connect(); }

 private:
  enum class Outcome : unsigned char { sent, no_room, too_long };

  // Of the arriving datagrams. Not a power of two, for which all frames would share the same few
  // sets of the caches.
  static constexpr std::size_t kSlotSize = 68 * 1024;
  static_assert(kSlotSize >= Frame::kMaxLength);

  std::byte* slot(std::size_t index) noexcept { return &slots_[index * kSlotSize]; }
  int read(std::span<mmsghdr> messages) noexcept;
  Outcome write(std::span<const Frame* const> frames, std::size_t& written) noexcept;
  Outcome failed(int number) noexcept;

  DatagramEnd& end_;
  LazyArray<std::byte> slots_;
  host::Rest rest_;

  SpinLock lock_;  // guards all below
  bool stalled_ = false;
  LazyArray<std::byte> flat_;  // a frame in more pieces than a system call takes
};

}  // namespace hpvmnet::lan
