#include "multicast/packet.h"

#include <algorithm>

#include "offload/checksum.h"
#include "offload/headers.h"

namespace hpvmnet::multicast {
namespace {

constexpr std::size_t kIpv6Header = 40;
constexpr std::byte kIcmpv6{58};

}  // namespace

std::optional<Packet> Packet::find(std::span<const std::byte> frame) {
  const auto found = find_membership(frame);
  if (!found) return std::nullopt;
  const std::size_t headers = found->message - found->network;
  Packet packet(*found, frame.subspan(found->network));
  // What the IP header says; behind it the shortest frames are filled up.
  const std::span<const std::byte> ip = packet.header_;
  const std::size_t length = found->ipv6 ? kIpv6Header + load16(&ip[4]) : load16(&ip[2]);
  if (length < headers) return std::nullopt;
  packet.whole_ = length <= ip.size();
  packet.message_ = ip.first(std::min(length, ip.size())).subspan(headers);
  packet.source_ =
      found->ipv6 ? IpAddress::ipv6(ip.subspan<8, 16>()) : IpAddress::ipv4(ip.subspan<12, 4>());
  return packet;
}

bool Packet::is_intact() const {
  const std::byte lifetime = header_[ipv6() ? 7 : 8];
  return lifetime == std::byte{1} && (!whole_ || checksum_is_right());
}

bool Packet::checksum_is_right() const {
  Checksum sum;
  sum.add(message_);
  if (ipv6()) {  // the pseudo-header (RFC 8200, clause 8.1)
    sum.add(header_.subspan(8, kIpv6Header - 8));
    const auto length = static_cast<std::uint32_t>(message_.size());
    std::array<std::byte, 8> rest{};
    store32(rest.data(), length);
    rest[7] = kIcmpv6;
    sum.add(rest);
  }
  return sum.fold() == 0xffff;
}

unsigned Packet::number8(std::size_t at) const {
  return at < message_.size() ? static_cast<unsigned>(message_[at]) : 0;
}

unsigned Packet::number16(std::size_t at) const { return number8(at) << 8 | number8(at + 1); }

std::optional<IpAddress> Packet::address_at(std::size_t at) const {
  if (at > message_.size() || message_.size() - at < address_size()) return std::nullopt;
  const std::span<const std::byte> bytes = message_.subspan(at);
  return ipv6() ? IpAddress::ipv6(bytes.first<16>()) : IpAddress::ipv4(bytes.first<4>());
}

}  // namespace hpvmnet::multicast
