#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "multicast/ip_address.h"
#include "switch/membership_frame.h"

namespace hpvmnet::multicast {

/// A message in its IP packet, of which the end may be missing. Nothing beyond what is there is
/// ever read: numbers there are 0, addresses are none.
class Packet {
 public:
  /// Nothing where the frame has no such message, or its headers contradict each other.
  static std::optional<Packet> find(std::span<const std::byte> frame);

  bool ipv6() const { return found_.ipv6; }
  bool from_router() const { return found_.kind == MembershipFrame::Kind::router; }
  IpAddress source() const { return source_; }
  /// Whether it has come from this link (its time to live is 1) and its checksum is right, as far
  /// as all of it is there.
  bool is_intact() const;

  std::size_t size() const { return message_.size(); }  ///< of the message, as far as it is there
  unsigned number8(std::size_t at) const;
  unsigned number16(std::size_t at) const;
  std::size_t address_size() const { return ipv6() ? 16 : 4; }
  std::optional<IpAddress> address_at(std::size_t at) const;

 private:
  Packet(const MembershipFrame& found, std::span<const std::byte> header)
      : found_(found), header_(header) {}
  bool checksum_is_right() const;

  MembershipFrame found_;
  std::span<const std::byte> header_;   // of IP
  std::span<const std::byte> message_;  // without padding
  bool whole_ = false;
  IpAddress source_;
};

}  // namespace hpvmnet::multicast
