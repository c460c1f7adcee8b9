#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "avio_lan/egress_spread.h"
#include "avio_lan/event/event_signaller.h"
#include "avio_lan/ring/egress_ring.h"
#include "avio_lan/ring/ingress_ring.h"
#include "avio_lan/ring/interrupter.h"
#include "plugin/adaptor.h"

namespace hpvmnet::avio_lan {

/// The rings of a port have their numbers from the protocol, and their names from the guest's point
/// of view (virtio 1.2, clause 5.1.2): pair p has receive queue 2p, our egress, and transmit queue
/// 2p + 1, our ingress.
inline constexpr std::uint32_t kQueuePairs = 16;
inline constexpr std::uint32_t kRingCount = 2 * kQueuePairs;

constexpr bool is_receive_queue(std::uint32_t index) { return index % 2 == 0; }

/// "receive queue 0" or "transmit queue 0".
std::string ring_name(std::uint32_t index);

/// A port's rings and their handing over between the control thread and the workers.
///
/// The control thread changes rings only between halt() and resume(), when no worker is at the
/// port; so nothing in here is locked. The packet path is that of Port.
class Rings {
 public:
  /// `broken` is called, on the control thread, after a guest has broken a ring. `silent` is a
  /// descriptor that never becomes readable while rings run; polled rings sleep on it, which they
  /// do not. `host`, `signaller` and `silent` outlive this.
  Rings(PortHost& host, EventSignaller& signaller, int silent, std::function<void()> broken);

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

  void receive(QueueId queue, Burst& burst, Tally& tally) noexcept {
    ingress_queues_[queue]->ring->receive(burst, tally);
  }
  void release(QueueId queue) noexcept { ingress_queues_[queue]->ring->release(); }
  void send(std::span<const Frame* const> frames, Tally& tally) noexcept {
    spread_.send(frames, tally);
  }
  Wait park(QueueId queue) noexcept {
    Ingress& ingress = *ingress_queues_[queue];
    return ingress.kick < 0 ? Wait::nothing : ingress.ring->park();
  }

 private:
  struct Ingress {
    std::unique_ptr<IngressRing> ring;
    int kick;  // -1: polled
  };

  PortHost& host_;
  const int silent_;
  std::unique_ptr<Signal> fault_;
  EventSignaller& signaller_;
  Interrupter interrupter_{signaller_};

  // By pair; those that run.
  std::array<std::unique_ptr<EgressRing>, kQueuePairs> egress_;
  std::array<std::unique_ptr<Ingress>, kQueuePairs> ingress_;

  // What workers see of them:
  std::array<Ingress*, kQueuePairs> ingress_queues_{};  // by QueueId
  EgressSpread spread_;
};

}  // namespace hpvmnet::avio_lan
