#pragma once

#include <atomic>

namespace hpvmnet {

/// A lock for sections of well under a burst's time, between workers only. Meets the requirements
/// of std::lock_guard.
class SpinLock {
 public:
  void lock() noexcept {
    while (held_.exchange(true, std::memory_order_acquire)) {
      while (held_.load(std::memory_order_relaxed)) relax();
    }
  }
  bool try_lock() noexcept { return !held_.exchange(true, std::memory_order_acquire); }
  void unlock() noexcept { held_.store(false, std::memory_order_release); }

  /// Tells the processor that this is a waiting loop.
  static void relax() noexcept { __builtin_ia32_pause(); }

 private:
  std::atomic<bool> held_{false};
};

}  // namespace hpvmnet
