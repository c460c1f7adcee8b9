#pragma once

#include <cstdint>
#include <optional>

#include "base/domain.h"
#include "base/vlan_set.h"

namespace hpvmnet {

/// Which domains a port carries, and how they look on its side: one of them without a tag, others
/// with the tag of their VLAN (IEEE 802.1Q, clause 6.9).
struct PortVlans {
  Domain untagged = kNoVlan;  ///< of frames without a tag; kNoDomain: the port takes none
  VlanSet tagged{};           ///< VLANs whose frames carry their tag
  /// The tag that frames of kNoVlan carry on a port that joins the whole vswitch to one VLAN of
  /// the network outside; kNoDomain: they carry none.
  Domain backing = kNoDomain;
  bool operator==(const PortVlans&) const = default;

  /// Whether a tag may be right on this port.
  bool takes_tags() const noexcept { return backing != kNoDomain || tagged.any(); }

  bool carries(Domain domain) const noexcept {
    return domain == untagged || tagged.contains(domain) ||
           (domain == kNoVlan && backing != kNoDomain);
  }

  /// Where a frame with a tag of VLAN `vlan` belongs that comes in by the port. Tag 0 gives a
  /// priority and no VLAN.
  Domain domain_of_tag(VlanId vlan) const noexcept {
    if (vlan == kPriorityTag) return untagged;
    if (vlan == backing) return kNoVlan;
    return vlan == untagged || tagged.contains(vlan) ? vlan : kNoDomain;
  }

  /// The VLAN whose tag a frame of that domain, which the port carries, has when it leaves;
  /// kNoDomain: it has none.
  Domain tag_of(Domain domain) const noexcept {
    if (domain == untagged) return kNoDomain;
    return domain == kNoVlan ? backing : domain;
  }
};

}  // namespace hpvmnet
