#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

#include "base/result.h"
#include "worker/view.h"
#include "worker/worker.h"

namespace hpvmnet {

/// What a worker has done since it started. The shares of a period are the ratios of differences.
struct WorkerLoad {
  std::optional<unsigned> cpu;    ///< that it is pinned to
  std::chrono::nanoseconds busy;  ///< moving frames, rather than finding none or asleep
  std::chrono::nanoseconds total;
};

/// The workers, and the two ways in which the control thread acts on them: replacing the view, and
/// waiting until they have left everything that they may have been in. Control thread only.
class WorkerPool {
 public:
  /// One worker for each element: pinned to that processor, or not pinned.
  static Result<std::unique_ptr<WorkerPool>> start(const std::vector<std::optional<unsigned>>& cpus,
                                                   SpinTime spin);
  ~WorkerPool();

  std::size_t size() const noexcept { return workers_.size(); }

  /// By worker; each value only grows.
  std::vector<WorkerLoad> loads() const;

  /// Has all workers use `view` from now on. When it returns none uses the one before, which is
  /// freed.
  void publish(std::unique_ptr<View> view);

  /// Returns when all calls into ports that were under way have ended.
  void synchronize();

  /// Has worker `worker` visit the queue in `slot` when `wake` signals. The view must have it
  /// there.
  Status watch(std::size_t worker, std::uint32_t slot, int wake);
  void unwatch(std::size_t worker, int wake);

  /// Whether workers come round, without waiting for them: a number for this moment, and whether
  /// all have come round or slept since.
  std::uint64_t begin_epoch() noexcept { return advance(); }
  bool all_have_passed(std::uint64_t epoch) const noexcept;

  /// For a timer: frees workers whom a hostile peer keeps in a system call.
  void nudge_stuck();

 private:
  WorkerPool() = default;
  std::uint64_t advance() noexcept;
  void wait_for(std::uint64_t epoch);

  Publication publication_;
  std::unique_ptr<View> view_;  // the published one
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<std::optional<unsigned>> cpus_;  // of workers_
  std::chrono::steady_clock::time_point started_;
  std::uint64_t nudge_epoch_ = 0;
};

}  // namespace hpvmnet
