#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/mac.h"
#include "cli/result.h"

namespace hpvmnet::cli {

/// The Ethernet header of a frame.
struct FrameHeader {
  Mac source;
  Mac destination;
  std::optional<std::uint32_t> vlan;  ///< its tag
};

/// What a frame may be about.
enum class FrameKind : std::uint8_t { tcp, udp, icmp, arp };

/// The addresses of `kind`, as the user wrote them: "10.0.0.1:1024,10.0.0.2:80" of TCP and UDP,
/// "[fd00::1]:1024,[fd00::2]:80" in version 6, "10.0.0.1,10.0.0.2" of ICMP and ARP. `option`:
/// where, for the message. Returns the bytes of such a frame: the first segment of a connection, an
/// empty datagram, an echo request, a question for the second address.
Result<std::string> make_frame(FrameKind kind, const std::string& option, const std::string& text,
                               const FrameHeader& header);

/// The bytes that pairs of hexadecimal digits stand for; spaces and colons between them are
/// skipped.
Result<std::string> read_frame(const std::string& text);

}  // namespace hpvmnet::cli
