#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "frame/tally.h"
#include "plugin/port.h"
#include "switch/mac_table.h"

namespace hpvmnet {

// What workers read of the configuration: immutable, made anew by the control thread for each
// change. It owns nothing of what it points to; that outlives the last worker's use of the view.

/// An attached port.
struct PortView {
  Port* port = nullptr;
  Tally* tallies = nullptr;  ///< by worker
  std::uint16_t number = 0;  ///< on its vswitch
  Domain domain = kNoVlan;   ///< of its untagged frames
  OffloadSet offloads = 0;   ///< what it takes
};

struct VswitchView {
  static constexpr std::uint16_t kAbsent = 0xffff;

  bool up = false;
  MacTable* macs = nullptr;
  std::vector<PortView> ports;  ///< those that are attached
  std::array<std::uint16_t, MacTable::kPorts>
      index_of{};  ///< by number: place in `ports`, or kAbsent
};

/// An ingress queue that a worker visits.
struct IngressQueue {
  const VswitchView* vswitch = nullptr;
  std::uint16_t port = 0;  ///< place in vswitch->ports
  QueueId queue = 0;
  int wake = -1;  ///< its wake descriptor

  const PortView& port_view() const noexcept { return vswitch->ports[port]; }
};

}  // namespace hpvmnet
