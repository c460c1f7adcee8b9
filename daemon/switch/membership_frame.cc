#include "switch/membership_frame.h"

#include "frame/vlan_tag.h"
#include "offload/headers.h"

namespace hpvmnet {
namespace {

using Kind = MembershipFrame::Kind;
using Found = std::optional<MembershipFrame>;

constexpr std::uint16_t kIpv4 = 0x0800;
constexpr std::uint16_t kIpv6 = 0x86dd;
constexpr std::uint32_t kIpv4Header = 20;
constexpr std::uint32_t kIpv6Header = 40;
constexpr unsigned kHopByHop = 0;
constexpr unsigned kIgmp = 2;
constexpr unsigned kIcmpv6 = 58;
constexpr unsigned kPim = 103;

unsigned octet(std::span<const std::byte> head, std::size_t at) noexcept {
  return static_cast<unsigned>(head[at]);
}

std::optional<Kind> kind_of_igmp(unsigned type) noexcept {
  switch (type) {
    case 0x11:
      return Kind::query;
    case 0x12:  // reports of versions 1, 2 and 3, and a leave of version 2
    case 0x16:
    case 0x17:
    case 0x22:
      return Kind::report;
    default:
      return std::nullopt;
  }
}

std::optional<Kind> kind_of_mld(unsigned type) noexcept {
  switch (type) {
    case 130:
      return Kind::query;
    case 131:  // reports of versions 1 and 2, and a leave of version 1
    case 132:
    case 143:
      return Kind::report;
    default:
      return std::nullopt;
  }
}

// PIM version 2, type 0.
std::optional<Kind> kind_of_pim(unsigned first) noexcept {
  return first == 0x20 ? std::optional(Kind::router) : std::nullopt;
}

// `kind_of` is given the message's first byte.
template <class KindOf>
Found message_at(std::span<const std::byte> head, std::uint32_t network, std::uint32_t at,
                 bool ipv6, KindOf kind_of) noexcept {
  if (head.size() <= at) return std::nullopt;
  const std::optional<Kind> kind = kind_of(octet(head, at));
  if (!kind) return std::nullopt;
  return MembershipFrame{*kind, ipv6, network, at};
}

Found find_in_ipv4(std::span<const std::byte> head, std::uint32_t network) noexcept {
  if (head.size() < network + kIpv4Header) return std::nullopt;
  const unsigned protocol = octet(head, network + 9);
  if (protocol != kIgmp && protocol != kPim) [[likely]]
    return std::nullopt;
  const std::uint32_t length = (octet(head, network) & 0xf) * 4;
  if (length < kIpv4Header) return std::nullopt;
  return message_at(head, network, network + length, false,
                    protocol == kIgmp ? kind_of_igmp : kind_of_pim);
}

// MLD is behind a hop-by-hop header, which says that routers are to look at it.
Found find_in_ipv6(std::span<const std::byte> head, std::uint32_t network) noexcept {
  if (head.size() < network + kIpv6Header + 2) return std::nullopt;
  const std::uint32_t behind = network + kIpv6Header;
  const unsigned protocol = octet(head, network + 6);
  if (protocol == kPim) return message_at(head, network, behind, true, kind_of_pim);
  if (protocol != kHopByHop || octet(head, behind) != kIcmpv6) return std::nullopt;
  const std::uint32_t options = (octet(head, behind + 1) + 1) * 8;
  return message_at(head, network, behind + options, true, kind_of_mld);
}

}  // namespace

Found find_membership(std::span<const std::byte> head) noexcept {
  std::uint32_t type_at = kAddressesLength;
  if (head.size() < type_at + 2 + kTagLength) return std::nullopt;
  if (is_tag_type(load16(&head[type_at]))) type_at += kTagLength;
  switch (load16(&head[type_at])) {
    case kIpv4:
      return find_in_ipv4(head, type_at + 2);
    case kIpv6:
      return find_in_ipv6(head, type_at + 2);
    default:
      return std::nullopt;
  }
}

}  // namespace hpvmnet
