#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "base/port_vlans.h"
#include "capture/capture.h"
#include "frame/tally.h"
#include "plugin/filter.h"
#include "plugin/port.h"
#include "switch/group_table.h"
#include "switch/mac_table.h"
#include "switch/mirror.h"
#include "switch/punt.h"

namespace hpvmnet {

// What workers read of the configuration: immutable, made anew by the control thread for each
// change. It owns nothing of what it points to; that outlives the last worker's use of the view.

/// In place of a domain: a port that no frames pass.
inline constexpr Domain kBlocked = 0x1001;
/// Likewise: one that no frames pass but a mirror's copies.
inline constexpr Domain kMirrorPort = 0x1002;

/// An attached port.
struct PortView {
  Port* port = nullptr;
  Tally* tallies = nullptr;         ///< by worker
  std::uint16_t number = 0;         ///< on its vswitch
  Domain domain = kNoVlan;          ///< of its untagged frames, or kNoDomain, kBlocked, kMirrorPort
  OffloadSet offloads = 0;          ///< what it takes
  const PortVlans* tags = nullptr;  ///< null where it takes no tags; domain is its `untagged`

  bool carries(Domain other) const noexcept {
    return other == domain || (tags != nullptr && tags->carries(other));
  }
  /// The VLAN whose tag frames of that domain, which the port carries, get here; or kNoDomain.
  Domain tag_of(Domain other) const noexcept {
    return tags == nullptr ? kNoDomain : tags->tag_of(other);
  }
};

/// Those who see frames beside their receivers.
struct Observers {
  Captures captures;
  std::shared_ptr<const Mirror> mirror;  ///< null: none
};

struct VswitchView {
  static constexpr std::uint16_t kAbsent = 0xffff;
  /// The number of the port by which the switch itself sends.
  static constexpr std::uint16_t kOwnPort = MacTable::kPorts - 1;

  bool up = false;
  MacTable* macs = nullptr;
  std::vector<PortView> ports;   ///< those that are attached
  std::vector<Filter*> filters;  ///< in the order in which frames meet them
  Punt* punt = nullptr;          ///< for frames that the control thread has to see
  /// Who gets what is sent to multicast groups; null: everybody.
  std::shared_ptr<const GroupTable> groups;
  std::shared_ptr<const Observers> observers;  ///< null: none
  std::deque<PortVlans> tags;                  ///< what PortView::tags points to
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
