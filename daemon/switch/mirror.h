#pragma once

#include <bitset>
#include <cstdint>

#include "capture/packet_filter.h"
#include "switch/mac_table.h"

namespace hpvmnet {

/// Which frames of a vswitch are copied to one of its ports. Part of a view: immutable.
struct Mirror {
  using Ports = std::bitset<MacTable::kPorts>;

  std::uint16_t number = 0;  ///< of the port that gets the copies
  std::uint16_t place = 0;   ///< of it in VswitchView::ports, or VswitchView::kAbsent
  Ports ingress;             ///< by number: what comes in by these is copied
  Ports egress;              ///< likewise: what leaves by these. Neither has the port itself
  PacketFilter filter;       ///< only these
};

}  // namespace hpvmnet
