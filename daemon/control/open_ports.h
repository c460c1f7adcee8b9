#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/port_vlans.h"
#include "control/model.h"

namespace hpvmnet {

/// How a port is to be open: what its vNICs and its settings say together, or the backing
/// interface.
struct PortConfiguration {
  std::string adaptor;
  std::string endpoint;           ///< as in PortSpec
  std::string mode;               ///< likewise
  std::optional<MacAddress> mac;  ///< where one vNIC alone reserves the port, and its kind uses it
  PortVlans vlans;
  bool packed_rings = false;      ///< guests may use them; always false where the kind has no rings
  std::uint32_t queue_pairs = 1;  ///< always 1 where the kind does not look at the setting
  bool operator==(const PortConfiguration&) const = default;
};

/// What a kind of port looks at besides the rest. Its ports stay open, and their guests connected,
/// where only something else changes.
struct PortTraits {
  bool rings = false;
  bool mac = false;
  bool queue_pairs = false;
};
using TraitsOf = std::function<PortTraits(std::string_view adaptor)>;

/// By vswitch and number.
using OpenPorts = std::map<std::pair<std::string, PortNumber>, PortConfiguration>;

/// The ports that are to be open in a state: those that vNICs reserve, and those to the backing
/// interfaces of vswitches that are up.
OpenPorts open_ports(const Model& model, const TraitsOf& traits_of);

/// How the port to a backing interface is open.
PortConfiguration configuration_of(const Backing& backing);

/// Whether an open port can take another configuration without being opened anew.
bool stays_open(const PortConfiguration& from, const PortConfiguration& to);

}  // namespace hpvmnet
