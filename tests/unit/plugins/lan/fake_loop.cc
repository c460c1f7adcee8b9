#include "unit/plugins/lan/fake_loop.h"

#include <utility>

#include <poll.h>

namespace hpvmnet::test {

class FakeLoop::Handle : public Watch {
 public:
  explicit Handle(std::shared_ptr<Entry> entry) : entry_(std::move(entry)) {}

 private:
  std::shared_ptr<Entry> entry_;
};

class FakeLoop::SignalHandle : public Signal {
 public:
  explicit SignalHandle(std::shared_ptr<Entry> entry) : entry_(std::move(entry)) {}
  void raise() noexcept override { entry_->raised.store(true); }

 private:
  std::shared_ptr<Entry> entry_;
};

std::shared_ptr<FakeLoop::Entry> FakeLoop::add() {
  auto entry = std::make_shared<Entry>();
  entries_.push_back(entry);
  return entry;
}

std::unique_ptr<Watch> FakeLoop::watch_readable(int descriptor, std::function<void()> ready) {
  auto entry = add();
  entry->call = std::move(ready);
  entry->descriptor = descriptor;
  return std::make_unique<Handle>(std::move(entry));
}

std::unique_ptr<Watch> FakeLoop::after(std::chrono::milliseconds delay, std::function<void()> due) {
  auto entry = add();
  entry->call = std::move(due);
  entry->due = now_ + delay;
  return std::make_unique<Handle>(std::move(entry));
}

std::unique_ptr<Watch> FakeLoop::every(std::chrono::milliseconds period,
                                       std::function<void()> due) {
  auto entry = add();
  entry->call = std::move(due);
  entry->due = now_ + period;
  entry->period = period;
  return std::make_unique<Handle>(std::move(entry));
}

std::unique_ptr<Signal> FakeLoop::make_signal(std::function<void()> raised) {
  auto entry = add();
  entry->call = std::move(raised);
  return std::make_unique<SignalHandle>(std::move(entry));
}

bool FakeLoop::is_ready(Entry& entry) {
  if (entry.descriptor >= 0) {
    pollfd state{entry.descriptor, POLLIN, 0};
    return ::poll(&state, 1, 0) == 1;
  }
  if (entry.due >= std::chrono::milliseconds(0) && entry.due <= now_) {
    entry.due = entry.period.count() > 0 ? now_ + entry.period : std::chrono::milliseconds(-1);
    return true;
  }
  return entry.raised.exchange(false);
}

// Callbacks add and remove entries, so each is looked up anew.
void FakeLoop::look() {
  std::erase_if(entries_, [](const auto& entry) { return entry.expired(); });
  const std::size_t count = entries_.size();
  for (std::size_t i = 0; i < count; ++i) {
    const auto call = [&]() -> std::function<void()> {
      const auto entry = entries_[i].lock();
      return entry && is_ready(*entry) ? entry->call : std::function<void()>();
    }();
    if (call) call();
  }
}

void FakeLoop::pass(std::chrono::milliseconds time) {
  now_ += time;
  look();
}

}  // namespace hpvmnet::test
