#pragma once

#include <cstdint>
#include <optional>

#include "avio_lan/ring/interrupter.h"
#include "avio_lan/ring/look_ahead.h"
#include "avio_lan/ring/split_ring.h"
#include "frame/burst.h"
#include "frame/tally.h"
#include "plugin/event_loop.h"
#include "plugin/port.h"

namespace hpvmnet::avio_lan {

/// The ring by which a guest sends (its transmit queue). Lends frames that stay in guest memory.
///
/// Runs from its making to its end, while no worker uses the port. Threads: as in Port, but for
/// what is said to be the control thread's.
class IngressRing {
 public:
  /// `fault` is raised when the guest has broken the ring beyond repair. Both outlive the ring.
  IngressRing(Signal& fault, Interrupter& interrupter, const RingSetup& setup) noexcept;

  /// Where another ring would go on: what the driver offered before is completed.
  std::uint16_t next_available() const noexcept { return ring_.next_available(); }
  /// Changes the eventfd that interrupts the guest, while workers use the ring, too.
  void set_call(int call) noexcept { ring_.set_call(call); }
  /// The guest broke the ring; it does nothing until it is started anew.
  bool broken() const noexcept { return broken_.load(std::memory_order_relaxed); }

  // As in Port.
  void receive(Burst& burst, Tally& tally) noexcept;
  void release() noexcept;
  Wait park() noexcept;

 private:
  std::uint32_t lend_simple(std::uint32_t count, Burst& burst) noexcept;
  void lend_any(std::uint32_t count, Burst& burst, Tally& tally) noexcept;
  std::optional<Drop> lend_chain(std::uint32_t head, Burst& burst, std::uint32_t& budget) noexcept;
  void discard(std::uint32_t count, Tally& tally) noexcept;
  void break_ring() noexcept;

  Signal& fault_;
  Interrupter& interrupter_;
  SplitRing ring_;
  const std::uint32_t header_length_;
  std::atomic<bool> broken_{false};  // read by the control thread, too
  bool kicks_enabled_ = false;
  std::uint32_t lent_ = 0;  // entries of the current burst, to be returned
  LookAhead ahead_{Direction::to_device};
  GuestMemory::Window window_;  // for chains
};

}  // namespace hpvmnet::avio_lan
