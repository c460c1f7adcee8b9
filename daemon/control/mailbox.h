#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "base/fd.h"
#include "plugin/event_loop.h"

namespace hpvmnet {

/// What other threads leave for one thread to do: tasks in order, and raised signals. One
/// descriptor wakes that thread for all of them, so a signal costs a few bytes and no descriptor.
class Mailbox {
 public:
  Mailbox();  ///< aborts where there is no descriptor left
  ~Mailbox();
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  /// Readable (level-triggered) while there is something for deliver().
  int descriptor() const { return wake_.get(); }

  void post(std::function<void()> task);                              ///< any thread
  std::unique_ptr<Signal> make_signal(std::function<void()> raised);  ///< owning thread
  /// Runs raised signals, then tasks, until `stopped` says so. What they leave in turn is for the
  /// next call. Owning thread.
  void deliver(const bool& stopped);
  /// Destroys what was not delivered and all that will ever be posted. Owning thread.
  void close();

 private:
  struct Raisable;
  class RaisableSignal;

  void wake() noexcept;
  void deliver_signals(const bool& stopped);
  void deliver_tasks(const bool& stopped);

  Fd wake_;
  std::atomic<Raisable*> raised_{nullptr};  ///< a stack; each holds a reference to itself

  std::mutex tasks_lock_;
  std::vector<std::function<void()>> tasks_;
  bool closed_ = false;
};

}  // namespace hpvmnet
