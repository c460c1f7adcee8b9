#pragma once

#include <cstdint>

namespace hpvmnet {

/// Work on a frame that its sender has left to others: a checksum to be completed, a segment to be
/// cut. The fields, their values and their order are those of virtio_net_hdr (virtio 1.2, clause
/// 5.1.6), little-endian. From a guest, every field is hostile until check_offload() has passed.
struct Offload {
  static constexpr std::uint8_t kNeedsChecksum = 1;  ///< in `flags`

  static constexpr std::uint8_t kNone = 0;  ///< in `segmentation`: what the frame is cut into
  static constexpr std::uint8_t kTcp4 = 1;
  static constexpr std::uint8_t kTcp6 = 4;
  static constexpr std::uint8_t kUdp = 5;  ///< datagrams, over either version of IP
  static constexpr std::uint8_t kEcn =
      0x80;  ///< besides: TCP with explicit congestion notification

  std::uint8_t flags = 0;
  std::uint8_t segmentation = kNone;
  std::uint16_t header_length = 0;   ///< Ethernet to TCP or UDP; each segment begins with them
  std::uint16_t segment_size = 0;    ///< bytes of payload in each segment; the last may have fewer
  std::uint16_t checksum_start = 0;  ///< the sum runs from here to the end of the frame
  std::uint16_t checksum_offset =
      0;  ///< from there: place of the checksum; holds the pseudo header's

  bool any() const noexcept { return (flags | segmentation) != 0; }
  bool needs_checksum() const noexcept { return (flags & kNeedsChecksum) != 0; }
  std::uint8_t protocol() const noexcept { return static_cast<std::uint8_t>(segmentation & ~kEcn); }
};
static_assert(sizeof(Offload) == 10);

/// Kinds of offload, a bit each: what a frame asks for, or what a receiver takes.
using OffloadSet = std::uint8_t;
namespace offload {
inline constexpr OffloadSet checksum = 1 << 0;
inline constexpr OffloadSet tcp4 = 1 << 1;
inline constexpr OffloadSet tcp6 = 1 << 2;
inline constexpr OffloadSet ecn = 1 << 3;
inline constexpr OffloadSet udp4 = 1 << 4;
inline constexpr OffloadSet udp6 = 1 << 5;
}  // namespace offload

}  // namespace hpvmnet
