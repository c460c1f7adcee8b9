#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

#include "plugin/event_loop.h"
#include "worker/worker_pool.h"

namespace hpvmnet {

/// Says that the daemon is alive: the control thread, since it runs the timer, and all workers,
/// since each has come round, or slept, since the last time. Control thread only.
class Watchdog {
 public:
  /// Calls `alive` at least twice within each `patience`. `loop` and `workers` outlive it.
  Watchdog(EventLoop& loop, WorkerPool& workers, std::chrono::microseconds patience,
           std::function<void()> alive);

 private:
  void look();

  WorkerPool& workers_;
  const std::function<void()> alive_;
  std::uint64_t epoch_;
  std::unique_ptr<Watch> timer_;
};

}  // namespace hpvmnet
