#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace hpvmnet::multicast {

/// Address of an IP multicast group, or any other IP address. IPv4 ones are kept as IPv6 has them
/// (RFC 4291, clause 2.5.5.2). A plain value.
class IpAddress {
 public:
  static IpAddress ipv4(std::span<const std::byte, 4> address);
  static IpAddress ipv6(std::span<const std::byte, 16> address);

  bool is_ipv4() const;
  bool is_group() const;
  bool is_unspecified() const;  ///< 0.0.0.0 or ::
  bool is_link_local() const;   ///< of IPv6
  /// The Ethernet address to which a group's frames go, in the low 48 bits (RFC 1112, clause 6.4;
  /// RFC 2464, clause 7).
  std::uint64_t mac() const;
  /// As on the wire: 4 or 16 bytes.
  std::span<const std::byte> bytes() const;
  std::string text() const;

  bool operator==(const IpAddress&) const = default;
  auto operator<=>(const IpAddress& other) const { return bytes_ <=> other.bytes_; }

 private:
  std::array<std::byte, 16> bytes_{};
};

}  // namespace hpvmnet::multicast
