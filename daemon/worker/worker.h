#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include <sys/epoll.h>

#include "base/fd.h"
#include "base/result.h"
#include "frame/burst.h"
#include "worker/busy_time.h"
#include "worker/view.h"

namespace hpvmnet {

/// What all workers of a pool share with the control thread.
struct Publication {
  std::atomic<const View*> view{nullptr};
  std::atomic<std::uint64_t> epoch{0};  ///< grows with each view and each wait for the workers
};

/// How long a queue is polled after its last frame before it is left to its wake descriptor.
/// Zero: not at all.
using SpinTime = std::chrono::microseconds;
inline constexpr SpinTime kSpinForever = SpinTime::max();

/// One thread that moves frames: visits each ingress queue that is awake, a burst at a time, and
/// sleeps when there is none.
///
/// A queue is either awake (visited each round, its peer asked not to signal) or parked (not
/// visited, its wake descriptor in the epoll set). So idle queues cost a busy worker nothing, and
/// an idle worker does not run at all.
class Worker {
 public:
  /// Starts the thread, on processor `cpu` if given. `number` counts the workers of a pool from 0.
  static Result<std::unique_ptr<Worker>> start(unsigned number, std::optional<unsigned> cpu,
                                               SpinTime spin, const Publication& publication);
  /// Ends the thread.
  ~Worker();

  // Control thread:

  /// The epoll set of parked queues' wake descriptors; adding to it and removing from it is safe at
  /// any time. Event data is the queue's slot.
  int epoll() const noexcept { return epoll_.get(); }

  /// Has the worker look at the publication soon, if it sleeps.
  void wake() noexcept;

  /// Whether the worker no longer uses anything published before `epoch`.
  bool has_passed(std::uint64_t epoch) const noexcept {
    return asleep_.load(std::memory_order_seq_cst) ||
           seen_.load(std::memory_order_acquire) >= epoch;
  }

  /// How long it has moved frames since it started; at most some milliseconds old while it does.
  std::chrono::nanoseconds busy() const noexcept { return busy_.get(); }

  /// Interrupts a system call that a hostile peer keeps the worker in.
  void nudge() noexcept;

 private:
  // A queue's state with this worker.
  struct Slot {
    bool awake = false;
    bool wants_space = true;  // registered for writability, too; unknown at first
    std::chrono::steady_clock::time_point idle_since;  // epoch: it had frames at the last visit
  };

  using EpollEvents = std::array<epoll_event, 64>;

  Worker(unsigned number, SpinTime spin, const Publication& publication, Fd epoll, Fd wake_event);

  void run() noexcept;
  void adopt_published() noexcept;
  bool visit_awake() noexcept;
  bool keep_awake(std::uint32_t slot) noexcept;
  bool park(std::uint32_t slot) noexcept;
  void register_interest(std::uint32_t slot, bool space) noexcept;
  void look_for_woken() noexcept;
  void sleep() noexcept;
  std::size_t wait_for_events(EpollEvents& events, int timeout) noexcept;
  void awaken(std::span<const epoll_event> events) noexcept;
  void note_time() noexcept;

  const unsigned number_;
  const SpinTime spin_;
  const Publication& publication_;
  const Fd epoll_;
  const Fd wake_event_;

  Burst burst_;
  std::uint64_t version_ = 0;                          // of the view in use
  const std::vector<IngressQueue>* queues_ = nullptr;  // in that view
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> awake_;           // slots
  std::chrono::steady_clock::time_point now_;  // not newer than the last idle moment
  std::uint32_t seconds_ = 0;
  BusyTime busy_;

  alignas(64) std::atomic<std::uint64_t> seen_{
      0};                            // newest epoch whose predecessors are not in use
  std::atomic<bool> asleep_{false};  // uses nothing that was published
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace hpvmnet
