#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <arpa/inet.h>

#include "multicast/ip_address.h"
#include "offload/checksum.h"
#include "offload/headers.h"

namespace hpvmnet::multicast {

using Bytes = std::vector<std::byte>;

/// As inet_pton() reads it.
inline IpAddress ip(const std::string& text) {
  std::array<std::byte, 16> bytes{};
  if (::inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) {
    return IpAddress::ipv4(std::span(bytes).first<4>());
  }
  if (::inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) std::abort();
  return IpAddress::ipv6(bytes);
}

inline Bytes bytes(std::initializer_list<unsigned> values) {
  Bytes made;
  for (const unsigned value : values) made.push_back(static_cast<std::byte>(value));
  return made;
}

inline Bytes operator+(Bytes first, const Bytes& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

inline Bytes of(const IpAddress& address) {
  return {address.bytes().begin(), address.bytes().end()};
}

/// The message with its checksum, at `at`, so that it adds up with what else it covers.
inline Bytes with_checksum(Bytes message, std::size_t at, const Bytes& else_covered = {}) {
  Checksum sum;
  sum.add(message);
  sum.add(else_covered);
  const auto complement = static_cast<std::uint16_t>(~sum.fold());
  std::memcpy(&message[at], &complement, sizeof complement);
  return message;
}

inline const Bytes kAddresses = bytes({0x01, 0x00, 0x5e, 1, 2, 3, 0x02, 0, 0, 0, 0, 9});

/// Messages as hosts and routers send them, with or without a VLAN tag.
struct Sender {
  std::string source = "10.0.0.9";
  unsigned lifetime = 1;
  bool tagged = false;
  bool damaged = false;

  Bytes ethernet(unsigned type) const {
    const Bytes tag = tagged ? bytes({0x81, 0, 0, 20}) : Bytes();
    return kAddresses + tag + bytes({type >> 8, type & 0xff});
  }

  Bytes igmp(Bytes message, const std::string& to = "224.0.0.22") const {
    message = with_checksum(std::move(message), 2);
    if (damaged) message[4] ^= std::byte{1};
    const auto length = static_cast<unsigned>(24 + message.size());
    const Bytes header =
        bytes({0x46, 0xc0, length >> 8, length & 0xff, 0, 0, 0, 0, lifetime, 2, 0, 0}) +
        of(ip(source)) + of(ip(to)) + bytes({0x94, 4, 0, 0});
    return ethernet(0x0800) + with_checksum(header, 10) + message;
  }

  Bytes mld(Bytes message, const std::string& to = "ff02::16") const {
    const Bytes addresses = of(ip(source)) + of(ip(to));
    const auto size = static_cast<unsigned>(message.size());
    message = with_checksum(std::move(message), 2,
                            addresses + bytes({0, 0, size >> 8, size & 0xff, 0, 0, 0, 58}));
    if (damaged) message[8] ^= std::byte{1};
    const unsigned length = 8 + size;
    return ethernet(0x86dd) + bytes({0x60, 0, 0, 0, length >> 8, length & 0xff, 0, lifetime}) +
           addresses + bytes({58, 0, 5, 2, 0, 0, 1, 0}) + message;
  }
};

}  // namespace hpvmnet::multicast
