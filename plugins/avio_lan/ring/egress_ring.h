#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "avio_lan/ring/interrupter.h"
#include "avio_lan/ring/look_ahead.h"
#include "avio_lan/ring/split_ring.h"
#include "base/spin_lock.h"
#include "frame/burst.h"
#include "frame/tally.h"
#include "plugin/event_loop.h"

namespace hpvmnet::avio_lan {

/// The ring by which a guest receives (its receive queue): copies frames from their senders' memory
/// into the buffers that the guest has offered.
///
/// Runs from its making to its end, while no worker uses the port. Threads: send() by any number of
/// workers, the rest by the control thread.
class EgressRing {
 public:
  /// `fault` is raised when the guest has broken the ring beyond repair. Both outlive the ring.
  EgressRing(Signal& fault, Interrupter& interrupter, const RingSetup& setup);

  /// Where another ring would go on.
  std::uint16_t next_available() const noexcept { return ring_.next_available(); }
  bool enabled() const noexcept { return ring_.setup().enabled; }
  /// Changes the eventfd that interrupts the guest, while workers use the ring, too.
  void set_call(int call) noexcept { ring_.set_call(call); }
  bool broken() const noexcept { return broken_.load(std::memory_order_relaxed); }

  /// As Port::send().
  void send(std::span<const Frame* const> frames, Tally& tally) noexcept;

 private:
  struct Filled {  // a chain that a frame goes to
    std::uint32_t head;
    std::uint64_t room;  // bytes
  };
  /// Pieces of memory that one frame may be spread over.
  static constexpr std::size_t kMaxPieces = 8192;

  void deliver(std::span<const Frame* const> frames, Tally& tally) noexcept;
  void wait_for_buffers(std::uint32_t wanted) noexcept;
  std::size_t place_simple(std::span<const Frame* const> frames, std::uint64_t& bytes) noexcept;
  std::optional<Drop> place_in_chains(const Frame& frame) noexcept;
  bool offered(std::uint32_t ahead) noexcept;
  std::optional<std::uint64_t> gather(std::uint32_t head, std::uint32_t& budget) noexcept;
  void return_unused() noexcept;
  void fill(const Frame& frame, std::uint64_t needed) noexcept;
  void take(std::uint32_t count) noexcept;
  void break_ring() noexcept;

  Signal& fault_;
  Interrupter& interrupter_;
  SpinLock lock_;
  SplitRing ring_;
  const std::uint32_t header_length_;
  std::atomic<bool> broken_{false};  // read by the control thread, too
  bool starved_ = false;             // the last wait for buffers was in vain
  LookAhead ahead_{Direction::to_guest};
  GuestMemory::Window window_;  // for chains

  // Of the frame that is being placed in chains:
  std::vector<std::span<std::byte>> pieces_;  // of the chains in filled_; reserved at first
  std::vector<Filled> filled_;
};

}  // namespace hpvmnet::avio_lan
