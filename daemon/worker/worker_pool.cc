#include "worker/worker_pool.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <thread>
#include <utility>

#include <sys/epoll.h>

namespace hpvmnet {

Result<std::unique_ptr<WorkerPool>> WorkerPool::start(
    const std::vector<std::optional<unsigned>>& cpus, SpinTime spin) {
  std::unique_ptr<WorkerPool> pool(new WorkerPool);
  pool->cpus_ = cpus;
  pool->started_ = std::chrono::steady_clock::now();
  for (unsigned number = 0; number < cpus.size(); ++number) {
    auto worker = Worker::start(number, cpus[number], spin, pool->publication_);
    if (!worker) return tl::unexpected(worker.error());
    pool->workers_.push_back(std::move(*worker));
  }
  return pool;
}

WorkerPool::~WorkerPool() {
  workers_.clear();  // before the view that they use
}

std::vector<WorkerLoad> WorkerPool::loads() const {
  std::vector<WorkerLoad> loads;
  for (std::size_t worker = 0; worker < workers_.size(); ++worker) {
    const auto busy = workers_[worker]->busy();  // before the time, of which it is a part
    loads.push_back({cpus_[worker], busy, std::chrono::steady_clock::now() - started_});
  }
  return loads;
}

void WorkerPool::publish(std::unique_ptr<View> view) {
  publication_.view.store(view.get(), std::memory_order_release);
  const std::uint64_t epoch = advance();
  for (const auto& worker : workers_) worker->wake();
  wait_for(epoch);
  view_ = std::move(view);
}

void WorkerPool::synchronize() { wait_for(advance()); }

std::uint64_t WorkerPool::advance() noexcept {
  return publication_.epoch.fetch_add(1, std::memory_order_seq_cst) + 1;
}

// A round takes microseconds, unless the worker has lost its processor or a peer's full eventfd
// holds it up.
void WorkerPool::wait_for(std::uint64_t epoch) {
  constexpr auto kPatience = std::chrono::milliseconds(20);
  for (const auto& worker : workers_) {
    auto nudge_at = std::chrono::steady_clock::now() + kPatience;
    for (unsigned tries = 0; !worker->has_passed(epoch); ++tries) {
      if (tries < 100) {
        std::this_thread::yield();
        continue;
      }
      std::this_thread::sleep_for(std::chrono::microseconds(20));
      if (std::chrono::steady_clock::now() < nudge_at) continue;
      worker->nudge();
      nudge_at += kPatience;
    }
  }
}

bool WorkerPool::all_have_passed(std::uint64_t epoch) const noexcept {
  return std::ranges::all_of(workers_,
                             [epoch](const auto& worker) { return worker->has_passed(epoch); });
}

Status WorkerPool::watch(std::size_t worker, std::uint32_t slot, int wake) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLET;
  event.data.u64 = slot;
  if (::epoll_ctl(workers_[worker]->epoll(), EPOLL_CTL_ADD, wake, &event) != 0) {
    return system_failure("cannot wait for the port's peer", errno);
  }
  return {};
}

void WorkerPool::unwatch(std::size_t worker, int wake) {
  ::epoll_ctl(workers_[worker]->epoll(), EPOLL_CTL_DEL, wake, nullptr);
}

// A worker that has not come round since the last call, a timer's period ago, is stuck.
void WorkerPool::nudge_stuck() {
  for (const auto& worker : workers_) {
    if (nudge_epoch_ != 0 && !worker->has_passed(nudge_epoch_)) worker->nudge();
  }
  nudge_epoch_ = advance();
}

}  // namespace hpvmnet
