#pragma once

#include <atomic>

#include "avio_lan/event/event_signaller.h"

namespace hpvmnet::avio_lan {

/// Interrupts a port's guest through the eventfds that its hypervisor gives, which a hostile one
/// can fill and make blocking again at any moment. That holds a worker up once in the life of the
/// port, until the worker pool interrupts the call; from then on only means that never wait are
/// used, which cost the worker more. Any number of workers at once.
class Interrupter {
 public:
  /// The signaller outlives this.
  explicit Interrupter(EventSignaller& signaller) noexcept : signaller_(signaller) {}

  /// An eventfd that is full holds an interrupt already.
  void interrupt(int call) noexcept;

 private:
  std::atomic<bool> wary_{false};
  EventSignaller& signaller_;
};

}  // namespace hpvmnet::avio_lan
