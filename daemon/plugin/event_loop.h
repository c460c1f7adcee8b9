#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace hpvmnet {

/// Something that calls back until it is destroyed. Destroying it from its own callback is allowed.
class Watch {
 public:
  virtual ~Watch() = default;
};

/// Calls back on the control thread after another thread has raised it.
class Signal {
 public:
  virtual ~Signal() = default;
  /// Any thread; never blocks. Several calls may be answered by one callback.
  virtual void raise() noexcept = 0;
};

/// The control thread's event loop, as plugins see it. All methods and all callbacks are for the
/// control thread, except Signal::raise(). Callbacks must not block.
class EventLoop {
 public:
  virtual ~EventLoop() = default;

  /// Calls `ready` whenever `descriptor` is readable (level-triggered). The descriptor stays the
  /// caller's and must stay open for as long as the watch lives.
  virtual std::unique_ptr<Watch> watch_readable(int descriptor, std::function<void()> ready) = 0;

  /// Calls `due` once after `delay`.
  virtual std::unique_ptr<Watch> after(std::chrono::milliseconds delay,
                                       std::function<void()> due) = 0;

  /// Calls `due` again and again, `period` apart.
  virtual std::unique_ptr<Watch> every(std::chrono::milliseconds period,
                                       std::function<void()> due) = 0;

  virtual std::unique_ptr<Signal> make_signal(std::function<void()> raised) = 0;
};

}  // namespace hpvmnet
