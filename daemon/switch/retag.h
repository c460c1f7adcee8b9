#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "base/port_vlans.h"
#include "frame/frame.h"

namespace hpvmnet {

/// Makes the same frame with another tag: `vlan`'s in place of the one it has, before its type
/// where it has none, or none at all for kNoDomain. A tag that stays keeps its type and priority, a
/// new one is a customer's of priority 0. No payload is copied: `made` ends with the loan of
/// `from`, whose head it points to as well.
///
/// Returns how many parts it took from the front of `room` for `made.parts`. Nothing where that is
/// too small for them; `made` is then of no use.
std::optional<std::size_t> retag(const Frame& from, bool tagged, Domain vlan, Frame& made,
                                 std::span<Part> room) noexcept;

}  // namespace hpvmnet
