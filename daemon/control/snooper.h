#pragma once

#include <memory>
#include <vector>

#include "control/own_station.h"
#include "multicast/memberships.h"

namespace hpvmnet {

/// Keeps one vswitch informed of who wants which multicast groups, and asks where nobody else does.
/// Control thread.
class Snooper {
 public:
  Snooper(const MacTable& macs, OwnStation& station);

  void set_policy(MulticastPolicy policy) { memberships_.set_policy(policy); }
  void begin_port(const LivePort& port);
  void end_port(const LivePort& port);
  /// A frame that a worker has kept for the vswitch.
  void take(const Punt::Item& item);
  /// To be called each half second.
  void begin_period();

  /// Whether workers should have another table().
  bool changed() const { return memberships_.changed(); }
  /// For the vswitch's view.
  std::shared_ptr<const GroupTable> table();
  std::vector<multicast::Memberships::Group> groups() const { return memberships_.groups(); }

 private:
  const MacTable& macs_;
  OwnStation& station_;
  multicast::Memberships memberships_;
  std::shared_ptr<const GroupTable> table_;
};

}  // namespace hpvmnet
