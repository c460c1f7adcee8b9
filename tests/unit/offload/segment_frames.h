#pragma once

#include <cstdint>
#include <vector>

#include "frame/frame.h"
#include "support/bytes.h"

namespace hpvmnet::test {

/// What a large frame is made of.
struct SegmentPlan {
  bool ipv6 = false;
  bool tcp = true;
  bool ecn = false;
  unsigned tags = 0;                ///< VLAN tags
  std::uint32_t network_extra = 0;  ///< bytes of IP options or extension headers; a multiple of 8
  std::uint32_t tcp_options = 0;    ///< bytes; a multiple of 4
  std::uint8_t tcp_flags = 0x10;
  std::uint32_t payload = 4000;
  std::uint16_t segment_size = 1460;
  std::uint64_t seed = 1;  ///< of addresses, numbers and payload
};

/// A frame as a guest hands it over: with its request, the checksum field holding the sum of the
/// pseudo header.
struct SegmentFrame {
  Offload offload;
  Bytes bytes;
};
SegmentFrame make_segment_frame(const SegmentPlan& plan);

/// Lends a frame as a port does: head copied, the rest in parts of at most `part` bytes of
/// `bytes`, which outlive the frame.
class LentFrame {
 public:
  LentFrame(const SegmentFrame& from, std::size_t part);

  Frame frame;

 private:
  std::vector<Part> parts_;
};

/// All frames that lowering makes of it. Checks what must hold of each by itself.
std::vector<Bytes> lower_all(const Frame& frame);

}  // namespace hpvmnet::test
