#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "avio_lan/event/event_signaller.h"
#include "avio_lan/ring/egress_ring.h"
#include "avio_lan/ring/ingress_ring.h"
#include "avio_lan/ring/interrupter.h"
#include "plugin/adaptor.h"

namespace hpvmnet::avio_lan {

/// The rings of a port by their protocol index, which is the guest's point of view (virtio 1.2,
/// clause 5.1.2).
inline constexpr std::uint32_t kReceiveQueue = 0;   ///< our egress
inline constexpr std::uint32_t kTransmitQueue = 1;  ///< our ingress
inline constexpr std::uint32_t kRingCount = 2;

constexpr const char* ring_name(std::uint32_t index) {
  return index == kReceiveQueue ? "receive queue" : "transmit queue";
}

/// A port's two rings and their handing over between the control thread and the workers.
///
/// The control thread changes rings only between halt() and resume(), when no worker is at the
/// port; so nothing in here is locked. The packet path is that of Port.
class Rings {
 public:
  /// `broken` is called, on the control thread, after a guest has broken a ring. `silent` is a
  /// descriptor that never becomes readable while rings run; polled rings sleep on it, which they
  /// do not. Both `host` and `silent` outlive this.
  Rings(PortHost& host, int silent, std::function<void()> broken);

  /// Waits until no worker is at the port, and keeps them away.
  void halt() { host_.stop_queues(); }
  /// Lets the workers at the rings that run now.
  void resume();

  /// The ring must be stopped. Without a `kick` descriptor it is polled.
  void start(std::uint32_t index, const RingSetup& setup, int kick);
  /// The ring must run. Returns the index of its next available entry.
  std::uint16_t stop(std::uint32_t index);

  /// Interrupts the guest through another eventfd from now on (-1: not at all), and once at once:
  /// what has been used meanwhile may not have been told. The ring must run, and goes on running;
  /// when this returns, no worker uses the former eventfd.
  void change_call(std::uint32_t index, int call);

  bool running(std::uint32_t index) const noexcept;
  bool broken(std::uint32_t index) const noexcept;
  /// Signals an eventfd of the guest's hypervisor.
  void signal(int event) noexcept { signaller_.signal(event); }

  void receive(Burst& burst, Tally& tally) noexcept { ingress_.receive(burst, tally); }
  void release() noexcept { ingress_.release(); }
  void send(std::span<const Frame* const> frames, Tally& tally) noexcept {
    egress_.send(frames, tally);
  }
  Wait park() noexcept { return polled_ ? Wait::nothing : ingress_.park(); }

 private:
  PortHost& host_;
  const int silent_;
  std::unique_ptr<Signal> fault_;
  EventSignaller signaller_;
  Interrupter interrupter_{signaller_};
  EgressRing egress_;
  IngressRing ingress_;
  int kick_ = -1;        // of the ingress ring
  bool polled_ = false;  // it has none
};

}  // namespace hpvmnet::avio_lan
