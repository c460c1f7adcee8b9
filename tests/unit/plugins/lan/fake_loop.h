#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "plugin/event_loop.h"

namespace hpvmnet::test {

/// An event loop without a thread or a clock of its own: a test says when it looks and how time
/// passes. The test's thread is the control thread.
class FakeLoop : public EventLoop {
 public:
  std::unique_ptr<Watch> watch_readable(int descriptor, std::function<void()> ready) override;
  std::unique_ptr<Watch> after(std::chrono::milliseconds delay, std::function<void()> due) override;
  std::unique_ptr<Watch> every(std::chrono::milliseconds period,
                               std::function<void()> due) override;
  std::unique_ptr<Signal> make_signal(std::function<void()> raised) override;

  /// Calls back for all that is ready now.
  void look();
  /// Lets time pass, then looks.
  void pass(std::chrono::milliseconds time);

 private:
  struct Entry {
    std::function<void()> call;
    int descriptor = -1;
    std::chrono::milliseconds due{-1};
    std::chrono::milliseconds period{0};
    std::atomic<bool> raised{false};
  };
  class Handle;
  class SignalHandle;

  std::shared_ptr<Entry> add();
  bool is_ready(Entry& entry);

  std::vector<std::weak_ptr<Entry>> entries_;
  std::chrono::milliseconds now_{0};
};

}  // namespace hpvmnet::test
