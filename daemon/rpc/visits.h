#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "base/result.h"
#include "control/loop.h"

namespace hpvmnet {

/// The way from other threads to the control thread and back. A visit either runs to its end or not
/// at all.
class Visits {
 public:
  using Deadline = std::chrono::system_clock::time_point;

  /// `loop` outlives it.
  explicit Visits(Loop& loop);
  ~Visits();
  Visits(const Visits&) = delete;
  Visits& operator=(const Visits&) = delete;

  /// Runs `work` on the control thread while the calling thread waits, so that it may use what is
  /// on the caller's stack. When this returns, it has run, or it never will. Any thread but the
  /// control thread.
  Status run(Deadline deadline, std::function<void()> work);

  /// Has `work` called on the control thread soon, or never where this is closed before. Any
  /// thread; does not wait.
  void post(std::function<void(EventLoop&)> work);

  /// Visits that have not begun end with `unavailable`, and so do all later ones. Any thread.
  void close();

 private:
  struct Desk;

  Loop& loop_;
  std::shared_ptr<Desk> desk_;
};

}  // namespace hpvmnet
