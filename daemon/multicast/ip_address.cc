#include "multicast/ip_address.h"

#include <algorithm>

#include <arpa/inet.h>

namespace hpvmnet::multicast {
namespace {

constexpr std::size_t kIpv4At = 12;  // where an IPv4 address stands in one of IPv6
constexpr std::array<std::byte, kIpv4At> kIpv4Prefix{
    {{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, std::byte{0xff}, std::byte{0xff}}};

}  // namespace

IpAddress IpAddress::ipv4(std::span<const std::byte, 4> address) {
  IpAddress made;
  std::ranges::copy(kIpv4Prefix, made.bytes_.begin());
  std::ranges::copy(address, made.bytes_.begin() + kIpv4At);
  return made;
}

IpAddress IpAddress::ipv6(std::span<const std::byte, 16> address) {
  IpAddress made;
  std::ranges::copy(address, made.bytes_.begin());
  return made;
}

bool IpAddress::is_ipv4() const {
  return std::equal(kIpv4Prefix.begin(), kIpv4Prefix.end(), bytes_.begin());
}

bool IpAddress::is_group() const {
  const std::byte first = bytes().front();
  return is_ipv4() ? (first >> 4) == std::byte{0xe} : first == std::byte{0xff};
}

bool IpAddress::is_unspecified() const {
  return std::ranges::all_of(bytes(), [](std::byte byte) { return byte == std::byte{0}; });
}

bool IpAddress::is_link_local() const {
  return bytes_[0] == std::byte{0xfe} && (bytes_[1] & std::byte{0xc0}) == std::byte{0x80};
}

std::uint64_t IpAddress::mac() const {
  std::uint64_t low = 0;
  for (std::size_t i = kIpv4At; i < bytes_.size(); ++i) {
    low = low << 8 | static_cast<std::uint64_t>(bytes_[i]);
  }
  return is_ipv4() ? 0x01'00'5e'00'00'00 | (low & 0x7f'ff'ff) : 0x33'33'00'00'00'00 | low;
}

std::span<const std::byte> IpAddress::bytes() const {
  return std::span(bytes_).subspan(is_ipv4() ? kIpv4At : 0);
}

std::string IpAddress::text() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(is_ipv4() ? AF_INET : AF_INET6, bytes().data(), text.data(), text.size());
  return text.data();
}

}  // namespace hpvmnet::multicast
