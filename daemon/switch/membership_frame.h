#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace hpvmnet {

/// A frame by which hosts and routers agree on who wants which multicast groups: IGMP (RFC 3376),
/// MLD (RFC 3810), or what only multicast routers say (PIM Hello, RFC 7761).
struct MembershipFrame {
  enum class Kind : unsigned char { query, report, router };

  Kind kind;
  bool ipv6;
  std::uint32_t network;  ///< where the IP header begins, behind up to one VLAN tag
  std::uint32_t message;  ///< where the message begins, behind the IP header and its options
};

/// Whether the frame that begins with `head` is one. Nothing in it is judged but what tells its
/// kind.
std::optional<MembershipFrame> find_membership(std::span<const std::byte> head) noexcept;

}  // namespace hpvmnet
