#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/port_vlans.h"
#include "control/model.h"
#include "control/open_ports.h"

namespace hpvmnet {

// What the switch must do to get from one desired state to another. Vswitches are known by name and
// ports by vswitch and number. A port is open while at least one vNIC reserves it, the port to the
// backing interface while its vswitch is up.

/// Makes a vswitch, in state Down, that snoops and has no filters and no mirror.
struct AddVswitch {
  std::string name;
  bool operator==(const AddVswitch&) const = default;
};

/// Removes a vswitch that has no open ports.
struct RemoveVswitch {
  std::string name;
  bool operator==(const RemoveVswitch&) const = default;
};

struct SetVswitchUp {
  std::string name;
  bool up = false;
  bool operator==(const SetVswitchUp&) const = default;
};

struct SetMulticastPolicy {
  std::string name;
  MulticastPolicy before = MulticastPolicy::snoop;
  MulticastPolicy after = MulticastPolicy::snoop;
  bool operator==(const SetMulticastPolicy&) const = default;
};

/// Replaces the filters of a vswitch, all at once. Where that fails, the ones before stay.
struct SetFilters {
  std::string name;
  std::vector<FilterSettings> before;
  std::vector<FilterSettings> after;
  bool operator==(const SetFilters&) const = default;
};

/// Replaces the mirror of a vswitch; none: frames are not copied.
struct SetMirror {
  std::string name;
  std::optional<MirrorSettings> before;
  std::optional<MirrorSettings> after;
  bool operator==(const SetMirror&) const = default;
};

struct OpenPort {
  std::string vswitch;
  PortNumber number = 0;
  PortConfiguration configuration;
  bool operator==(const OpenPort&) const = default;
};

/// Closes an open port; its guest, if there is one, loses the connection.
struct ClosePort {
  std::string vswitch;
  PortNumber number = 0;
  PortConfiguration configuration;  ///< that the port has had
  bool operator==(const ClosePort&) const = default;
};

/// Changes the VLANs of a port that is open and stays so.
struct SetPortVlans {
  std::string vswitch;
  PortNumber number = 0;
  PortVlans before;
  PortVlans after;
  bool operator==(const SetPortVlans&) const = default;
};

using Action = std::variant<AddVswitch, RemoveVswitch, SetVswitchUp, SetMulticastPolicy, SetFilters,
                            SetMirror, OpenPort, ClosePort, SetPortVlans>;

/// The actions that lead from `from` to `to`, both valid, in the order in which they are to run:
/// what can fail goes before what destroys, so that an attempt which fails is cheap to undo.
/// Pure; empty where nothing is to do; plan(to, from) undoes plan(from, to).
std::vector<Action> plan(const Model& from, const Model& to, const TraitsOf& traits_of);

}  // namespace hpvmnet
