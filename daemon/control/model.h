#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/filter_program.h"
#include "base/mac_address.h"
#include "base/multicast_policy.h"
#include "base/vlan_set.h"

namespace hpvmnet {

/// Number of a port on its vswitch, 0 to 511.
using PortNumber = std::uint16_t;
inline constexpr PortNumber kPortsPerVswitch = 512;

/// The local vswitch that always exists.
inline constexpr const char* kLocalnet = "localnet";

// The desired state: plain values, which commands change, plan() compares and the store keeps.

/// The most pairs of queues that a vNIC can have.
inline constexpr std::uint32_t kQueuePairs = 16;

/// The VLANs of a port. Without any, it takes untagged frames, which have a domain of their own.
struct PortVlanSettings {
  /// Of frames without a tag. None: a trunk takes no such frames.
  std::optional<VlanId> untagged{};
  VlanSet trunk{};  ///< VLANs whose frames carry their tag; empty: the port is no trunk
  bool operator==(const PortVlanSettings&) const = default;
};

/// What an administrator has set on a port.
struct PortSettings {
  PortVlanSettings vlans;
  std::uint32_t queue_pairs = 1;  ///< that a guest's vNIC is to have, 1 to kQueuePairs
  bool packed_rings = false;      ///< guests may use packed virtqueues besides split ones
  bool operator==(const PortSettings&) const = default;
};

/// The number of the port by which a vswitch is joined to its backing interface.
inline constexpr PortNumber kUplinkPort = kPortsPerVswitch;

/// The adaptor that it has.
inline constexpr const char* kUplinkAdaptor = "uplink";

/// The host interface that joins a vswitch to the network outside. One vswitch has it.
struct Backing {
  std::string interface;  ///< name; such an interface may come and go
  std::string mode;  ///< how it is to be used, in the adaptor's terms; empty: as fast as can be
  /// The VLAN outside that the vswitch is; none: its VLANs are those outside.
  std::optional<VlanId> vlan;
  bool operator==(const Backing&) const = default;
};

/// A filter that frames must pass to enter a vswitch.
struct FilterSettings {
  std::string name;       ///< of the filter, as plugins provide it
  std::string arguments;  ///< in its own terms; may be empty
  bool operator==(const FilterSettings&) const = default;
};

/// Copies of a vswitch's frames for one of its ports, which gets no others and sends none.
struct MirrorSettings {
  PortNumber port = 0;           ///< that gets the copies
  std::set<PortNumber> sources;  ///< of guests, or kUplinkPort; none: all but `port`
  bool ingress = true;           ///< what comes in by these
  bool egress = false;           ///< what leaves by these
  FilterProgram filter;          ///< only what it chooses
  bool operator==(const MirrorSettings&) const = default;
};

struct Vswitch {
  std::string name;
  std::uint32_t number = 0;                  ///< from 1; localnet is 1
  bool up = false;                           ///< booted: frames pass
  std::map<PortNumber, PortSettings> ports;  ///< only those that differ from the default
  std::optional<Backing> backing{};
  MulticastPolicy multicast = MulticastPolicy::snoop;
  std::vector<FilterSettings> filters{};  ///< in the order in which frames meet them
  std::optional<MirrorSettings> mirror{};
  bool operator==(const Vswitch&) const = default;
};

/// A guest's network interface. It reserves a port: several guests may reserve the same one.
struct Vnic {
  std::string adaptor;       ///< name of the adaptor: "avio_lan", "lan"
  std::uint32_t bus = 0;     ///< 0 to 7
  std::uint32_t device = 0;  ///< 0 to 7; unique together with the bus within a guest
  MacAddress mac;            ///< unique in the model
  std::string vswitch;       ///< name
  PortNumber port = 0;
  std::string endpoint;  ///< what the port connects to, in its adaptor's terms; empty: the default
  bool operator==(const Vnic&) const = default;
};

struct Guest {
  std::string name;
  std::uint32_t number = 0;  ///< from 1
  std::vector<Vnic> vnics;   ///< in the order of bus and device
  bool operator==(const Guest&) const = default;
};

struct Model {
  std::map<std::string, Vswitch> vswitches;  ///< by name
  std::map<std::string, Guest> guests;       ///< by name
  bool operator==(const Model&) const = default;
};

/// What is set on a port; the defaults where nothing is, or where there is no such vswitch.
inline PortSettings settings_of(const Model& model, const std::string& vswitch, PortNumber port) {
  const auto on = model.vswitches.find(vswitch);
  if (on == model.vswitches.end()) return {};
  const auto settings = on->second.ports.find(port);
  return settings == on->second.ports.end() ? PortSettings{} : settings->second;
}

}  // namespace hpvmnet
