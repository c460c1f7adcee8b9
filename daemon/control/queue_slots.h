#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "control/live_port.h"
#include "worker/worker_pool.h"

namespace hpvmnet {

/// Which worker has which ingress queue, and in which slot of its view. A queue keeps its slot as
/// long as its worker. Control thread only.
class QueueSlots {
 public:
  struct Slot {
    LivePort* port = nullptr;  ///< nullptr: free
    QueueId queue = 0;
    int wake = -1;
    std::uint64_t frames = 0;  ///< that had come in by the port on this worker at the last look
  };
  /// A queue on its way from one worker to another.
  struct Transfer {
    Slot slot;
    std::size_t to;
  };

  explicit QueueSlots(WorkerPool& workers) : workers_(workers), slots_(workers.size()) {}

  /// Gives the queue to a worker; its wake descriptor is watched before the worker knows of it.
  Status occupy(LivePort& port, QueueId queue, int wake);
  void vacate(const LivePort& port);

  /// Compares the workers' loads since the last call. Where a queue is to move, frees its slot;
  /// when the workers have been told, finish() gives it to the other one.
  std::optional<Transfer> begin_balancing();
  void finish(const Transfer& transfer);

  const std::vector<std::vector<Slot>>& slots() const noexcept { return slots_; }
  /// The workers of a port's queues, by queue.
  std::vector<unsigned> workers_of(const LivePort& port) const;

 private:
  Status put(std::size_t worker, const Slot& queue);

  WorkerPool& workers_;
  std::vector<std::vector<Slot>> slots_;                                   // by worker
  std::unordered_map<const LivePort*, std::vector<unsigned>> workers_of_;  // by queue
};

}  // namespace hpvmnet
