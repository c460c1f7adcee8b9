#include "control/apply.h"

#include <algorithm>

namespace hpvmnet {
namespace {

// One overload an action: run it.
struct Run {
  Switchboard& board;

  Status operator()(const AddVswitch& a) const { return board.add_vswitch(a.name); }
  Status operator()(const RemoveVswitch& a) const {
    board.remove_vswitch(a.name);
    return {};
  }
  Status operator()(const SetVswitchUp& a) const {
    board.set_vswitch_up(a.name, a.up);
    return {};
  }
  Status operator()(const SetMulticastPolicy& a) const {
    board.set_multicast_policy(a.name, a.after);
    return {};
  }
  Status operator()(const SetFilters& a) const { return board.set_filters(a.name, a.after); }
  Status operator()(const SetMirror& a) const {
    board.set_mirror(a.name, a.after);
    return {};
  }
  Status operator()(const OpenPort& a) const {
    return board.open_port(a.vswitch, a.number, a.configuration);
  }
  Status operator()(const ClosePort& a) const {
    board.close_port(a.vswitch, a.number);
    return {};
  }
  Status operator()(const SetPortVlans& a) const {
    board.set_port_vlans(a.vswitch, a.number, a.after);
    return {};
  }
};

// One overload an action: the action that undoes it.
struct Inverse {
  Action operator()(const AddVswitch& a) const { return RemoveVswitch{a.name}; }
  Action operator()(const RemoveVswitch& a) const { return AddVswitch{a.name}; }
  Action operator()(const SetVswitchUp& a) const { return SetVswitchUp{a.name, !a.up}; }
  Action operator()(const SetMulticastPolicy& a) const {
    return SetMulticastPolicy{a.name, a.after, a.before};
  }
  Action operator()(const SetFilters& a) const { return SetFilters{a.name, a.after, a.before}; }
  Action operator()(const SetMirror& a) const { return SetMirror{a.name, a.after, a.before}; }
  Action operator()(const OpenPort& a) const {
    return ClosePort{a.vswitch, a.number, a.configuration};
  }
  Action operator()(const ClosePort& a) const {
    return OpenPort{a.vswitch, a.number, a.configuration};
  }
  Action operator()(const SetPortVlans& a) const {
    return SetPortVlans{a.vswitch, a.number, a.after, a.before};
  }
};

// Where there is no way back: filters that cannot be had shut their vswitch rather than open it.
Status run_regardless(const Action& action, Switchboard& board) {
  if (const auto* filters = std::get_if<SetFilters>(&action)) {
    board.force_filters(filters->name, filters->after);
    return {};
  }
  return std::visit(Run{board}, action);
}

}  // namespace

// Before anything is closed for a port that cannot be opened.
Status check(const std::vector<Action>& actions, const Switchboard& board) {
  for (const Action& action : actions) {
    Status status;
    if (const auto* open = std::get_if<OpenPort>(&action)) {
      status = board.check_port(open->vswitch, open->number, open->configuration);
    } else if (const auto* mirror = std::get_if<SetMirror>(&action); mirror && mirror->after) {
      status = PacketFilter::make(mirror->after->filter.instructions).map([](const auto&) {});
    }
    if (!status) return status;
  }
  return {};
}

Status apply(const std::vector<Action>& actions, Switchboard& board) {
  if (Status status = check(actions, board); !status) return status;
  std::vector<Action> undo;
  for (const Action& action : actions) {
    if (Status status = std::visit(Run{board}, action); !status) {
      std::ranges::reverse(undo);
      for (const Action& inverse : undo) (void)run_regardless(inverse, board);
      return status;
    }
    undo.push_back(std::visit(Inverse{}, action));
  }
  return {};
}

void apply_what_works(const std::vector<Action>& actions, Switchboard& board, Log& log) {
  for (const Action& action : actions) {
    if (const Status status = run_regardless(action, board); !status) {
      log.error("{}", status.error().text);
    }
  }
}

}  // namespace hpvmnet
