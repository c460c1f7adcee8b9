#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "control/model.h"
#include "control/status.h"

namespace hpvmnet {

// What exists at a moment, read in one pass over it: for those who look at everything again and
// again. Unlike a status it says nothing that has to be looked up, such as who uses a port.

/// An open port; kUplinkPort is the backing interface's.
struct PortReading {
  PortNumber number = 0;
  bool attached = false;  ///< a peer is there
  bool blocked = false;   ///< because of a loop
  PortCounters counters;
};

struct VswitchReading {
  std::string name;
  std::uint32_t number = 0;
  bool up = false;
  std::uint64_t mac_addresses = 0;
  std::string interface;           ///< backing interface; empty: none
  std::vector<PortReading> ports;  ///< by number
};

/// A vNIC, as it is configured.
struct VnicReading {
  std::string guest;
  std::string adaptor;
  MacAddress mac;
  std::string vswitch;
  PortNumber port = 0;
};

struct Survey {
  std::vector<VswitchReading> vswitches;  ///< by name
  std::vector<VnicReading> vnics;         ///< by guest
  std::vector<WorkerStatus> workers;
};

}  // namespace hpvmnet
