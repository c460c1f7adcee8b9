#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <xdp/xsk.h>

#include "base/lazy_array.h"
#include "base/result.h"
#include "base/spin_lock.h"
#include "host/wake_set.h"
#include "plugin/port.h"

namespace hpvmnet::uplink {

/// One queue of an interface by AF_XDP: an AF_XDP socket with its four rings and the memory that it
/// shares with the kernel (Documentation/networking/af_xdp.rst). Arriving frames are lent from that
/// memory, leaving ones copied into it. One worker receives; several may send, one at a time.
class XdpQueue {
 public:
  enum class Copies : unsigned char {
    none,  ///< the card reads and writes the shared memory
    one,   ///< the kernel copies
  };

  /// The longest frame, without check sequence, that fits in its memory.
  static constexpr std::uint32_t kLongestFrame = 3500;

  /// `longest`: bytes of the longest frame.
  static Result<std::unique_ptr<XdpQueue>> open(const std::string& interface, std::uint32_t queue,
                                                Copies copies, std::uint32_t longest);
  ~XdpQueue();

  int descriptor() const noexcept { return xsk_socket__fd(socket_); }
  int wake_descriptor() const noexcept { return wake_set_->descriptor(); }

  void receive(Burst& burst, Tally& tally) noexcept;
  void release() noexcept;
  void send(std::span<const Frame* const> frames, Tally& tally) noexcept;
  Wait park() noexcept;

 private:
  static constexpr std::uint32_t kRing = 2048;  // entries of each ring
  static constexpr std::uint32_t kChunks = 2 * kRing;

  explicit XdpQueue(std::uint32_t chunk);
  void fill(std::span<const std::uint64_t> chunks) noexcept;
  void reclaim() noexcept;
  void transmit() noexcept;

  const std::uint32_t chunk_;  // bytes of the memory for one frame
  LazyArray<std::byte> memory_;
  xsk_umem* umem_ = nullptr;
  xsk_socket* socket_ = nullptr;

  // The receiving worker's:
  std::optional<host::WakeSet> wake_set_;  // there once it is open
  xsk_ring_cons arrived_{};
  xsk_ring_prod empty_{};
  std::array<std::uint64_t, Burst::kCapacity> lent_;
  std::size_t lent_count_ = 0;

  SpinLock sending_;  // guards all below
  xsk_ring_prod leaving_{};
  xsk_ring_cons left_{};
  std::vector<std::uint64_t> free_;  // chunks to send from
  std::uint32_t under_way_ = 0;      // chunks that are leaving
};

}  // namespace hpvmnet::uplink
