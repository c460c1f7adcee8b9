#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "plugin/event_loop.h"

namespace hpvmnet {

/// The control thread's event loop. The thread that calls run() is the control thread; before run()
/// it is the thread that made the loop. Sleeps without waking up while there is nothing to do.
///
/// Every watch and signal must end before the loop does.
class Loop : public EventLoop {
 public:
  /// Aborts where the system has no memory or descriptor left for a loop.
  Loop();
  ~Loop() override;
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Calls back until stop(). For one call in the life of a loop.
  void run();

  /// Any thread. Lets run() return after what was posted before has run; at once where run() has
  /// not begun. Nothing else is called back afterwards.
  void stop();

  /// Any thread, never blocks for long. `task` runs on the control thread, after what was posted
  /// before. Once the loop has ended, tasks are destroyed without having run.
  void post(std::function<void()> task);

  /// Calls back on the control thread whenever the process receives signal `number`, which has no
  /// other effect for as long as the watch lives. One loop of a process at a time can do this.
  std::unique_ptr<Watch> watch_signal(int number, std::function<void()> received);

  std::unique_ptr<Watch> watch_readable(int descriptor, std::function<void()> ready) override;
  std::unique_ptr<Watch> after(std::chrono::milliseconds delay, std::function<void()> due) override;
  std::unique_ptr<Watch> every(std::chrono::milliseconds period,
                               std::function<void()> due) override;
  std::unique_ptr<Signal> make_signal(std::function<void()> raised) override;

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace hpvmnet
