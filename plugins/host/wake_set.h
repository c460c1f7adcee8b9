#pragma once

#include "base/fd.h"
#include "base/result.h"

namespace hpvmnet::host {

/// What wakes the worker of a socket: an epoll set that has the socket only while the worker
/// sleeps. A socket in an epoll set costs its peer a look at the set with each system call.
///
/// A set of its own, rather than the worker's, because the rest of a frame that any worker has
/// written in part makes the sleeper wait for space, too. Not for several threads at once.
class WakeSet {
 public:
  /// `socket` outlives the set.
  static Result<WakeSet> make(int socket);

  /// Becomes readable, once, with each change of the socket while it is armed.
  int descriptor() const noexcept { return set_.get(); }

  /// From now on the set tells of input and, where `space`, of space; of what there is already,
  /// too. Must be disarmed. Errors are the system's numbers, 0 where there is none.
  [[nodiscard]] int arm(bool space) noexcept;
  /// Does nothing where it is disarmed.
  int disarm() noexcept { return armed_ ? let_go() : 0; }
  /// Whether it is armed, for input, from now on, as it may have been before.
  bool arm_for_sleep() noexcept { return armed_ || arm(false) == 0; }
  /// Changes what an armed set tells.
  [[nodiscard]] int want_space(bool space) noexcept;

 private:
  WakeSet(Fd set, int socket) noexcept : set_(std::move(set)), socket_(socket) {}
  int let_go() noexcept;
  int control(int operation, bool space) noexcept;

  Fd set_;
  int socket_;
  bool armed_ = false;
};

}  // namespace hpvmnet::host
