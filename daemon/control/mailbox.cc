#include "control/mailbox.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include <sys/eventfd.h>
#include <unistd.h>

namespace hpvmnet {

// Shared by its signal and, while it is raised, by the stack: so a signal may end at any moment.
struct Mailbox::Raisable {
  // Owning thread only. Null once the signal has ended: the code may be a plugin's, and is gone
  // before the stack is. Shared by the call under way, which may end its own signal.
  std::shared_ptr<std::function<void()>> call;
  std::atomic<bool> raised{false};
  Raisable* below = nullptr;
  std::shared_ptr<Raisable> self;  // set while it is in the stack
};

class Mailbox::RaisableSignal : public Signal {
 public:
  RaisableSignal(Mailbox& mailbox, std::function<void()> call)
      : mailbox_(mailbox), raisable_(std::make_shared<Raisable>()) {
    raisable_->call = std::make_shared<std::function<void()>>(std::move(call));
  }
  ~RaisableSignal() override { raisable_->call.reset(); }

  void raise() noexcept override {
    if (raisable_->raised.exchange(true, std::memory_order_acq_rel)) return;
    raisable_->self = raisable_;
    Raisable* top = mailbox_.raised_.load(std::memory_order_relaxed);
    do {
      raisable_->below = top;
    } while (!mailbox_.raised_.compare_exchange_weak(
        top, raisable_.get(), std::memory_order_release, std::memory_order_relaxed));
    if (top == nullptr) mailbox_.wake();
  }

 private:
  Mailbox& mailbox_;
  std::shared_ptr<Raisable> raisable_;
};

Mailbox::Mailbox() : wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!wake_) {
    std::perror("eventfd");
    std::abort();
  }
}

Mailbox::~Mailbox() { close(); }

void Mailbox::wake() noexcept {
  // Cannot fail but on a counter that is full, and then the thread wakes up anyway.
  [[maybe_unused]] const auto written = ::eventfd_write(wake_.get(), 1);
}

void Mailbox::post(std::function<void()> task) {
  const std::lock_guard lock(tasks_lock_);
  if (closed_) return;
  tasks_.push_back(std::move(task));
  if (tasks_.size() == 1) wake();
}

std::unique_ptr<Signal> Mailbox::make_signal(std::function<void()> raised) {
  return std::make_unique<RaisableSignal>(*this, std::move(raised));
}

void Mailbox::deliver(const bool& stopped) {
  // Emptied first: whatever arrives from here on makes it readable again.
  std::uint64_t count = 0;
  [[maybe_unused]] const auto read = ::eventfd_read(wake_.get(), &count);
  deliver_signals(stopped);
  deliver_tasks(stopped);
}

void Mailbox::deliver_signals(const bool& stopped) {
  Raisable* next = raised_.exchange(nullptr, std::memory_order_acquire);
  while (next != nullptr) {
    const std::shared_ptr<Raisable> raisable = std::move(next->self);
    next = raisable->below;
    // From here on it can be raised again, which is why the rest of it was read before.
    raisable->raised.exchange(false, std::memory_order_acq_rel);
    if (const auto call = raisable->call; call && !stopped) (*call)();
  }
}

void Mailbox::deliver_tasks(const bool& stopped) {
  std::vector<std::function<void()>> tasks;
  {
    const std::lock_guard lock(tasks_lock_);
    tasks.swap(tasks_);
  }
  for (std::function<void()>& task : tasks) {
    if (stopped) return;
    std::exchange(task, nullptr)();  // gone before the next one runs, as if called directly
  }
}

void Mailbox::close() {
  std::vector<std::function<void()>> tasks;
  {
    const std::lock_guard lock(tasks_lock_);
    closed_ = true;
    tasks.swap(tasks_);
  }
  deliver_signals(true);
}

}  // namespace hpvmnet
