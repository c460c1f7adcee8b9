#pragma once

#include <chrono>

namespace hpvmnet::host {

/// The time after a look in vain during which a link does not look again. A system call that finds
/// nothing takes the socket's locks away from the peer that is about to fill it, and a worker with
/// many ports has better things to do; what arrives meanwhile is read in one piece.
class Rest {
 public:
  void begin() noexcept { end_ = Clock::now() + kLength; }
  /// Whether it is time to look.
  bool is_over() const noexcept { return end_ == Clock::time_point{} || Clock::now() >= end_; }
  void end() noexcept { end_ = {}; }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::microseconds kLength{20};

  Clock::time_point end_{};
};

}  // namespace hpvmnet::host
