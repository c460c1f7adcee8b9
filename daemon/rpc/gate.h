#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

#include "base/result.h"
#include "control/commands.h"
#include "control/loop.h"

namespace hpvmnet {

/// What the clients of a socket may do.
enum class Access : unsigned char { look, administer };

/// The way from gRPC's threads to the commands, and the only one: a handler that changes something
/// needs `Commands&`, which change() alone hands out, after it has judged the client's access.
///
/// A visit runs on the control thread while the calling thread waits, so it may use what is on the
/// caller's stack. It either runs to its end or not at all: a call that is answered with an error
/// of the gate has changed nothing.
class Gate {
 public:
  using Deadline = std::chrono::system_clock::time_point;

  /// `loop` and `commands` outlive it.
  Gate(Loop& loop, Commands& commands, Access access);
  ~Gate();
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  /// Returns what `visit(const Commands&)` returns, a Result<T> or Status, or why there was no
  /// visit. Any thread but the control thread.
  template <class Visit>
  auto look(Deadline deadline, Visit visit) {
    return run<std::invoke_result_t<Visit, const Commands&>>(
        deadline, [&visit](Commands& commands) { return visit(std::as_const(commands)); });
  }

  /// Visits with arguments, `visit(const Commands&, const Arguments&)`, if they could be read.
  template <class Arguments, class Visit>
  auto look(Deadline deadline, const Result<Arguments>& arguments, Visit visit) {
    using Outcome = std::invoke_result_t<Visit, const Commands&, const Arguments&>;
    if (!arguments) return Outcome(tl::unexpected(arguments.error()));
    return look(deadline, [&](const Commands& commands) { return visit(commands, *arguments); });
  }

  /// As look(), with `visit(Commands&, const Arguments&)`: for clients that may change something;
  /// `permission_denied` for all others, whatever their arguments are.
  template <class Arguments, class Visit>
  auto change(Deadline deadline, const Result<Arguments>& arguments, Visit visit) {
    using Outcome = std::invoke_result_t<Visit, Commands&, const Arguments&>;
    if (access_ != Access::administer) return Outcome(tl::unexpected(denied()));
    if (!arguments) return Outcome(tl::unexpected(arguments.error()));
    return run<Outcome>(deadline, [&](Commands& commands) { return visit(commands, *arguments); });
  }

  /// Visits that have not begun end with `unavailable`, and so do all later ones. Any thread.
  void close();

 private:
  struct Desk;

  template <class Outcome, class Visit>
  Outcome run(Deadline deadline, const Visit& visit) {
    Outcome outcome;
    const Status visited = run_on_control_thread(deadline, [&] { outcome = visit(commands_); });
    if (!visited) return tl::unexpected(visited.error());
    return outcome;
  }

  /// When it returns, `work` has run, or it never will.
  Status run_on_control_thread(Deadline deadline, std::function<void()> work);
  static Error denied();

  Loop& loop_;
  Commands& commands_;
  Access access_;
  std::shared_ptr<Desk> desk_;
};

}  // namespace hpvmnet
