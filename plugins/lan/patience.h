#pragma once

#include <chrono>

#include "base/spin_lock.h"

namespace hpvmnet::lan {

/// How long one send() goes on trying while its peer has no room. Other ports wait meanwhile, so it
/// is short, and a peer that has let it pass once is not waited for until it takes frames again.
class Patience {
 public:
  explicit Patience(bool stalled) noexcept : over_(stalled) {}

  /// Whether to try again; waits a moment before it says so.
  bool left() noexcept {
    if (over_) return false;
    const auto now = std::chrono::steady_clock::now();
    if (end_ == Time{}) end_ = now + kLimit;
    over_ = now >= end_;
    for (int i = 0; i < kPauses; ++i) SpinLock::relax();
    return true;
  }

 private:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::microseconds kLimit{20};
  static constexpr int kPauses = 16;

  bool over_;
  Time end_{};
};

}  // namespace hpvmnet::lan
