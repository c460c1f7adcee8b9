#pragma once

#include <cstdint>
#include <memory>

#include "avio_lan/ring/interrupter.h"
#include "avio_lan/ring/ring_setup.h"
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
  /// Split or packed, as the setup says. `fault` is raised when the guest has broken the ring
  /// beyond repair. Both outlive the ring.
  static std::unique_ptr<IngressRing> make(Signal& fault, Interrupter& interrupter,
                                           const RingSetup& setup);
  virtual ~IngressRing() = default;

  /// Where another ring would go on: what the driver offered before is completed. Control thread.
  virtual std::uint16_t next_available() const noexcept = 0;
  /// Changes the eventfd that interrupts the guest, while workers use the ring, too. Control
  /// thread.
  virtual void set_call(int call) noexcept = 0;
  /// The guest broke the ring; it does nothing until it is started anew. Any thread.
  virtual bool broken() const noexcept = 0;

  // As in Port.
  virtual void receive(Burst& burst, Tally& tally) noexcept = 0;
  virtual void release() noexcept = 0;
  virtual Wait park() noexcept = 0;
};

}  // namespace hpvmnet::avio_lan
