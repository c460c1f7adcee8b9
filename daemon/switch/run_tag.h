#pragma once

#include <bit>

#include "frame/vlan_tag.h"
#include "switch/passage.h"

namespace hpvmnet {

/// The VLAN that the tag of a run's frames names; kNoDomain where they have none.
inline Domain run_tag(const Passage& passage, const Run& run) noexcept {
  if ((run.frames & passage.tagged) == 0) return kNoDomain;
  return read_vlan(
      passage.burst[static_cast<std::size_t>(std::countr_zero(run.frames))].head.data());
}

/// The same when they leave by the port, which carries their domain. A tag that gives nothing but a
/// priority stays where the port takes tags at all.
inline Domain egress_tag(const Passage& passage, const PortView& port, const Run& run) noexcept {
  const Domain tag = port.tag_of(run.destination.domain());
  const bool keeps_priority =
      tag == kNoDomain && port.tags != nullptr && run_tag(passage, run) == kPriorityTag;
  return keeps_priority ? kPriorityTag : tag;
}

}  // namespace hpvmnet
