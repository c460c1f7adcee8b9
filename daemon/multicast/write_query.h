#pragma once

#include <cstddef>
#include <vector>

#include "base/domain.h"
#include "multicast/message.h"

namespace hpvmnet::multicast {

/// Hosts that miss a query answer the next one: how many a change of a membership takes.
inline constexpr unsigned kRobustness = 2;
/// Between two queries for all groups (RFC 3376, clause 8.2).
inline constexpr std::chrono::seconds kQueryInterval{125};

/// The frame by which a vswitch asks its guests, in the newest version (IGMPv3, MLDv2), which older
/// hosts take for theirs. It stands back where there is a real querier: its own address says that
/// it is none (RFC 4541, clause 2.1.1). Of the query only family, group and response count; the
/// latter is below 12 s.
std::vector<std::byte> write_query(const Query& query, Domain domain);

}  // namespace hpvmnet::multicast
