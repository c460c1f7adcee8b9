#include "frame/flow_hash.h"

#include <cstddef>
#include <cstring>
#include <span>

namespace hpvmnet {
namespace {

using Bytes = std::span<const std::byte>;

constexpr std::size_t kAddresses = 12;  // of Ethernet
constexpr std::uint16_t kIpv4 = 0x0800;
constexpr std::uint16_t kIpv6 = 0x86dd;
constexpr std::uint16_t kCustomerTag = 0x8100;
constexpr std::uint16_t kServiceTag = 0x88a8;
constexpr std::uint8_t kTcp = 6;
constexpr std::uint8_t kUdp = 17;

template <class Word>
Word load(Bytes bytes, std::size_t at) noexcept {
  Word word;
  std::memcpy(&word, bytes.data() + at, sizeof word);
  return word;
}

std::uint16_t load16(Bytes bytes, std::size_t at) noexcept {
  return __builtin_bswap16(load<std::uint16_t>(bytes, at));
}

// Spreads the bits of a word over all of another one.
std::uint64_t mix(std::uint64_t word) noexcept {
  word *= 0x9e37'79b9'7f4a'7c15;
  return word ^ word >> 32;
}

// Of two ends of a conversation, whichever is which.
std::uint64_t mix_ends(std::uint64_t one, std::uint64_t other) noexcept {
  return mix(one) + mix(other);
}

std::uint64_t hash_ports(Bytes transport, std::uint8_t protocol) noexcept {
  const bool has_ports = (protocol == kTcp || protocol == kUdp) && transport.size() >= 4;
  return has_ports ? mix_ends(load16(transport, 0), load16(transport, 2)) : 0;
}

std::uint64_t hash_ipv4(Bytes ip) noexcept {
  constexpr std::size_t kShortest = 20;
  if (ip.size() < kShortest) return 0;
  const auto addresses = mix_ends(load<std::uint32_t>(ip, 12), load<std::uint32_t>(ip, 16));
  constexpr std::uint16_t kMoreOrOffset = 0x3fff;
  const bool fragment = (load16(ip, 6) & kMoreOrOffset) != 0;
  const std::size_t length = (static_cast<std::size_t>(ip[0]) & 0xf) * 4;
  if (fragment || length < kShortest || length > ip.size()) return addresses;
  return addresses + hash_ports(ip.subspan(length), static_cast<std::uint8_t>(ip[9]));
}

// Ports behind extension headers do not count.
std::uint64_t hash_ipv6(Bytes ip) noexcept {
  constexpr std::size_t kLength = 40;
  if (ip.size() < kLength) return 0;
  const auto address = [&](std::size_t at) {
    return mix(load<std::uint64_t>(ip, at)) ^ load<std::uint64_t>(ip, at + 8);
  };
  return mix_ends(address(8), address(24)) +
         hash_ports(ip.subspan(kLength), static_cast<std::uint8_t>(ip[6]));
}

std::uint64_t hash_ethernet(Bytes head) noexcept {
  constexpr std::uint64_t kAddress = 0xffff'ffff'ffff;
  return mix_ends(load<std::uint64_t>(head, 0) & kAddress, load<std::uint64_t>(head, 6) & kAddress);
}

std::uint64_t hash(Bytes head) noexcept {
  if (head.size() < kAddresses + 2) return 0;
  std::size_t at = kAddresses;
  std::uint16_t type = load16(head, at);
  while ((type == kCustomerTag || type == kServiceTag) && head.size() >= at + 6) {
    at += 4;
    type = load16(head, at);
  }
  std::uint64_t found = 0;
  if (type == kIpv4) found = hash_ipv4(head.subspan(at + 2));
  if (type == kIpv6) found = hash_ipv6(head.subspan(at + 2));
  return found != 0 ? found : hash_ethernet(head);
}

}  // namespace

std::uint32_t flow_hash(const Frame& frame) noexcept {
  return static_cast<std::uint32_t>(mix(hash(Bytes(frame.head).first(frame.head_length))) >> 16);
}

}  // namespace hpvmnet
