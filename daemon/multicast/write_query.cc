#include "multicast/write_query.h"

#include <utility>

#include "offload/checksum.h"
#include "offload/headers.h"
#include "switch/own_frame.h"

namespace hpvmnet::multicast {
namespace {

constexpr std::array<std::byte, 4> kAllHosts4{std::byte{224}, {}, {}, std::byte{1}};
constexpr std::array<std::byte, 16> kAllHosts6{
    std::byte{0xff}, std::byte{0x02}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
    std::byte{1}};

IpAddress receivers_of(const Query& query) {
  if (query.group) return *query.group;
  return query.ipv6 ? IpAddress::ipv6(kAllHosts6) : IpAddress::ipv4(kAllHosts4);
}

void put_checksum(std::span<std::byte> content, std::size_t at, const Checksum& sum) {
  const auto complement = static_cast<std::uint16_t>(~sum.fold());
  std::memcpy(&content[at], &complement, sizeof complement);
}

// What both families' queries end with: the group or none, robustness, interval, no sources.
void add_group(OwnFrame& frame, const Query& query) {
  constexpr std::array<std::byte, 16> kNone{};
  frame.add(query.group ? query.group->bytes() : std::span(kNone).first(query.ipv6 ? 16 : 4));
  frame.add(kRobustness, 1).add(static_cast<std::uint64_t>(kQueryInterval.count()), 1).add(0, 2);
}

// RFC 3376, clause 4.1, in an IPv4 packet with the option that routers look at it (RFC 2113).
std::vector<std::byte> write_igmp(const Query& query, OwnFrame frame) {
  constexpr std::size_t kHeader = 24;
  constexpr std::size_t kMessage = 12;
  const auto tenths = static_cast<std::uint64_t>(query.response.count() / 100);
  frame.add(0x46c0, 2).add(kHeader + kMessage, 2).add(0, 4).add(0x0102, 2).add(0, 2);
  frame.add(0, 4).add(receivers_of(query).bytes()).add(0x9404'0000, 4);
  frame.add(0x11, 1).add(tenths, 1).add(0, 2);
  add_group(frame, query);
  Checksum header;
  header.add(frame.content().first(kHeader));
  put_checksum(frame.content(), 10, header);
  Checksum message;
  message.add(frame.content().subspan(kHeader));
  put_checksum(frame.content(), kHeader + 2, message);
  return std::move(frame).finish();
}

// The address that an interface with the own MAC address would give itself (RFC 4291, appendix A).
void add_own_ipv6_address(OwnFrame& frame) {
  const std::uint64_t mac = kOwnAddress.value();
  frame.add(0xfe80, 2)
      .add(0, 6)
      .add((mac >> 24) ^ 0x02'00'00, 3)
      .add(0xfffe, 2)
      .add(mac & 0xff'ffff, 3);
}

// RFC 3810, clause 5.1, behind a hop-by-hop header that says the same.
std::vector<std::byte> write_mld(const Query& query, OwnFrame frame) {
  constexpr std::size_t kHeader = 40;
  constexpr std::size_t kOptions = 8;
  constexpr std::size_t kMessage = 28;
  constexpr std::uint64_t kIcmpv6 = 58;
  frame.add(0x6000'0000, 4).add(kOptions + kMessage, 2).add(0, 1).add(1, 1);
  add_own_ipv6_address(frame);
  frame.add(receivers_of(query).bytes()).add(kIcmpv6, 1).add(0, 1).add(0x0502'0000'0100, 6);
  frame.add(130, 1).add(0, 3).add(static_cast<std::uint64_t>(query.response.count()), 2).add(0, 2);
  add_group(frame, query);
  Checksum sum;
  sum.add(frame.content().subspan(8, kHeader - 8));
  sum.add_word(__builtin_bswap16(kMessage));
  sum.add_word(__builtin_bswap16(kIcmpv6));
  sum.add(frame.content().subspan(kHeader + kOptions));
  put_checksum(frame.content(), kHeader + kOptions + 2, sum);
  return std::move(frame).finish();
}

}  // namespace

std::vector<std::byte> write_query(const Query& query, Domain domain) {
  constexpr std::uint16_t kIpv4 = 0x0800;
  constexpr std::uint16_t kIpv6 = 0x86dd;
  OwnFrame frame(MacAddress(receivers_of(query).mac()), domain, query.ipv6 ? kIpv6 : kIpv4);
  return query.ipv6 ? write_mld(query, std::move(frame)) : write_igmp(query, std::move(frame));
}

}  // namespace hpvmnet::multicast
