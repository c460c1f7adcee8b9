#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/domain.h"
#include "switch/mac_table.h"
#include "switch/port_set.h"

namespace hpvmnet {

/// Who gets what is sent to IP multicast groups (RFC 4541): part of a view, immutable once it is
/// built. Without an entry everybody in the domain does.
class GroupTable {
 public:
  /// Of one domain.
  struct Routers {
    PortSet ports;  ///< to which memberships are reported, and who gets all groups
    /// Whether it is known who wants what: entries count only then.
    bool settled = false;
  };

  /// `routers`: of domains of which nothing is known. `inside`: where the switch's own queries go.
  /// `strict`: what nobody has asked for goes to routers only, in settled domains.
  GroupTable(const PortSet& routers, const PortSet& inside, bool strict)
      : strict_(strict), inside_(inside), default_{routers, false} {}

  /// While it is built: each domain once, each group once.
  void add_domain(Domain domain, const Routers& routers);
  void add_group(const MacTable::Key& group, const PortSet& members);

  const PortSet& inside() const noexcept { return inside_; }

  const Routers& routers(Domain domain) const noexcept {
    const std::size_t place = domain < place_of_.size() ? place_of_[domain] : 0;
    return place == 0 ? default_ : domains_[place - 1];
  }

  /// The ports that get frames for a group, others of its domain do not; null: all do. `routers`:
  /// those of its domain.
  const PortSet* receivers(const MacTable::Key& group, const Routers& routers) const noexcept {
    if (!routers.settled) return nullptr;
    if (const PortSet* members = find(group)) return members;
    return strict_ ? &routers.ports : nullptr;
  }

 private:
  struct Place {
    std::uint64_t station = 0;  // 0: free
    std::uint32_t set = 0;      // in sets_
  };

  const PortSet* find(const MacTable::Key& group) const noexcept {
    if (places_.empty()) return nullptr;
    for (std::uint64_t i = group.hash;; ++i) {
      const Place& place = places_[i & (places_.size() - 1)];
      if (place.station == group.station) return &sets_[place.set];
      if (place.station == 0) return nullptr;
    }
  }
  void enter(const MacTable::Key& group, std::uint32_t set);
  void grow();

  bool strict_;
  PortSet inside_;
  Routers default_;
  std::vector<std::uint16_t> place_of_;  // by domain: in domains_, from 1; 0: none
  std::vector<Routers> domains_;
  std::vector<MacTable::Key> keys_;  // by place in sets_
  std::vector<PortSet> sets_;
  std::vector<Place> places_;  // a power of two, at most half of them used
};

}  // namespace hpvmnet
