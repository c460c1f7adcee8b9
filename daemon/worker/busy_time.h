#pragma once

#include <chrono>
#include <cstdint>

#include "frame/tally.h"

namespace hpvmnet {

/// How long a worker has moved frames, as against finding nothing or sleeping. It makes no clock
/// reads of its own: between two moments that the worker notes anyway all is busy if any burst was
/// moved. The worker notes one with the first queue of a round that it finds empty, so what is
/// counted wrongly is about one look at an empty queue.
class BusyTime {
 public:
  using Clock = std::chrono::steady_clock;

  void moved_burst() noexcept { moved_ = true; }
  void note(Clock::time_point now) noexcept {
    if (moved_) {
      busy_.add(static_cast<std::uint64_t>(std::chrono::nanoseconds(now - noted_).count()));
      moved_ = false;
    }
    noted_ = now;
  }

  /// Any thread.
  std::chrono::nanoseconds get() const noexcept {
    return std::chrono::nanoseconds(static_cast<std::int64_t>(busy_.get()));
  }

 private:
  bool moved_ = false;  // since noted_
  Clock::time_point noted_;
  Counter busy_;
};

}  // namespace hpvmnet
