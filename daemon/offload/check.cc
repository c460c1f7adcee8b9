#include "offload/check.h"

#include "offload/headers.h"

namespace hpvmnet {
namespace {

constexpr std::uint16_t kTcpChecksumAt = 16;
constexpr std::uint16_t kUdpChecksumAt = 6;

// The checksum's place is in the private head, so that no byte of the sender's memory is written.
bool checksum_fits(const Frame& frame) noexcept {
  const std::uint32_t at =
      std::uint32_t{frame.offload.checksum_start} + frame.offload.checksum_offset;
  return at + 2 <= frame.head_length;
}

// Which receivers could cut this frame; 0: nobody, it is not what it says.
OffloadSet kind_of(const Offload& asked, const Layers& layers) noexcept {
  const bool tcp = layers.protocol == kProtocolTcp;
  switch (asked.protocol()) {
    case Offload::kTcp4:
      return tcp && !layers.ipv6 ? offload::tcp4 : 0;
    case Offload::kTcp6:
      return tcp && layers.ipv6 ? offload::tcp6 : 0;
    case Offload::kUdp:
      if (tcp) return 0;
      return layers.ipv6 ? offload::udp6 : offload::udp4;
    default:
      return 0;
  }
}

bool segments_fit(const Frame& frame, const Layers& layers) noexcept {
  const Offload& asked = frame.offload;
  const bool tcp = layers.protocol == kProtocolTcp;
  if (asked.checksum_start != layers.transport ||
      asked.checksum_offset != (tcp ? kTcpChecksumAt : kUdpChecksumAt)) {
    return false;
  }
  constexpr std::uint32_t kMostPacket = 65535;  // its length is a number of 16 bits
  const std::uint32_t counted = frame.length - layers.network - (layers.ipv6 ? 40 : 0);
  if (frame.length <= layers.payload || counted > kMostPacket) return false;
  const std::uint32_t payload = frame.length - layers.payload;
  if (tcp) return asked.segment_size >= kLeastTcpSegment;
  return asked.segment_size > 0 && payload <= kMostDatagrams * asked.segment_size;
}

}  // namespace

std::optional<OffloadSet> check_offload(Frame& frame) noexcept {
  Offload& asked = frame.offload;
  if (!asked.needs_checksum() || !checksum_fits(frame)) return std::nullopt;
  if (asked.segmentation == Offload::kNone) {
    asked.header_length = 0;
    asked.segment_size = 0;
    return offload::checksum;
  }
  const std::optional<Layers> layers = find_layers(frame);
  if (!layers) return std::nullopt;
  const OffloadSet kind = kind_of(asked, *layers);
  const bool ecn = (asked.segmentation & Offload::kEcn) != 0;
  if (kind == 0 || (ecn && layers->protocol != kProtocolTcp)) return std::nullopt;
  if (!segments_fit(frame, *layers)) return std::nullopt;
  asked.header_length = static_cast<std::uint16_t>(layers->payload);
  return static_cast<OffloadSet>(offload::checksum | kind | (ecn ? offload::ecn : 0));
}

}  // namespace hpvmnet
