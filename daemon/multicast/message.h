#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "multicast/ip_address.h"

namespace hpvmnet::multicast {

/// A querier asks who is in a group, or in any.
struct Query {
  bool ipv6 = false;
  /// Unspecified: of a switch, which is no router.
  IpAddress querier{};
  std::optional<IpAddress> group{};      ///< none: any
  std::chrono::milliseconds response{};  ///< by when hosts answer
  /// Others are not to forget who does not answer (RFC 3376, clause 4.1.5).
  bool suppress = false;
};

/// A host says which groups it wants, or no longer wants.
struct Report {
  struct Change {
    IpAddress group;
    bool wanted = false;
    bool operator==(const Change&) const = default;
  };
  std::vector<Change> changes;
};

/// A multicast router says that it is one.
struct RouterHello {};

using Message = std::variant<Query, Report, RouterHello>;

/// Reads a frame that IGMP, MLD or PIM may be in. Its end may be missing: a report is taken as far
/// as it goes. Nothing where it is none, or breaks the rules for them: of RFC 2236, RFC 3376, RFC
/// 2710 and RFC 3810.
///
/// Filters for sources are not kept: who wants some senders of a group gets all of them.
std::optional<Message> read_message(std::span<const std::byte> frame);

}  // namespace hpvmnet::multicast
