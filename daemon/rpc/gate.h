#pragma once

#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

#include "base/result.h"
#include "control/commands.h"
#include "control/loop.h"
#include "rpc/audit.h"
#include "rpc/call.h"
#include "rpc/callers.h"
#include "rpc/visits.h"

namespace hpvmnet {

/// The way from gRPC's threads to the commands, and the only one: a handler that changes something
/// needs `Commands&`, which change() alone hands out, after it has judged the caller. What became
/// of each such call is recorded.
///
/// A visit runs on the control thread while the calling thread waits, so it may use what is on the
/// caller's stack. It either runs to its end or not at all: a call that is answered with an error
/// of the gate has changed nothing.
class Gate {
 public:
  using Deadline = Visits::Deadline;

  /// All of these outlive it.
  Gate(Loop& loop, Commands& commands, const Callers& callers, Audit& audit);
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

  /// As look(), with `visit(Commands&, const Arguments&)`: for callers who may change something;
  /// `permission_denied` for all others, whatever their arguments are.
  template <class Arguments, class Visit>
  auto change(const Asked& call, const Result<Arguments>& arguments, Visit visit) {
    using Outcome = std::invoke_result_t<Visit, Commands&, const Arguments&>;
    const Status judged = callers_.may_change(call).and_then(
        [&] { return arguments ? Status() : Status(tl::unexpected(arguments.error())); });
    const Outcome outcome =
        judged ? run<Outcome>(call.deadline,
                              [&](Commands& commands) { return visit(commands, *arguments); })
               : Outcome(tl::unexpected(judged.error()));
    audit_.record(callers_.who(call), call,
                  outcome ? std::nullopt : std::optional(outcome.error()));
    return outcome;
  }

  /// Has `visit` called on the control thread soon, or never where the daemon stops before. Any
  /// thread; does not wait, so what the visit uses must last.
  void post(std::function<void(const Commands&, EventLoop&)> visit);

  /// Visits that have not begun end with `unavailable`, and so do all later ones. Any thread.
  void close() { visits_.close(); }

 private:
  template <class Outcome, class Visit>
  Outcome run(Deadline deadline, const Visit& visit) {
    Outcome outcome;
    const Status visited = visits_.run(deadline, [&] { outcome = visit(commands_); });
    if (!visited) return tl::unexpected(visited.error());
    return outcome;
  }

  Visits visits_;
  Commands& commands_;
  const Callers& callers_;
  Audit& audit_;
};

}  // namespace hpvmnet
