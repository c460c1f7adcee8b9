#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "avio_lan/ring/interrupter.h"
#include "avio_lan/ring/ring_setup.h"
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
  /// Split or packed, as the setup says. `fault` is raised when the guest has broken the ring
  /// beyond repair. Both outlive the ring.
  static std::unique_ptr<EgressRing> make(Signal& fault, Interrupter& interrupter,
                                          const RingSetup& setup);
  virtual ~EgressRing() = default;

  /// Where another ring would go on.
  virtual std::uint16_t next_available() const noexcept = 0;
  virtual bool enabled() const noexcept = 0;
  /// Changes the eventfd that interrupts the guest, while workers use the ring, too.
  virtual void set_call(int call) noexcept = 0;
  virtual bool broken() const noexcept = 0;

  /// As Port::send().
  virtual void send(std::span<const Frame* const> frames, Tally& tally) noexcept = 0;
};

}  // namespace hpvmnet::avio_lan
