#pragma once

#include <optional>

#include "frame/frame.h"

namespace hpvmnet {

/// The least payload of a TCP segment that a sender may ask for (Linux: tcp_min_snd_mss), and the
/// most datagrams in one frame (Linux: UDP_MAX_SEGMENTS). A hostile one that asks for segments of
/// one byte would have each receiver's worker make 65,000 of them.
inline constexpr std::uint32_t kLeastTcpSegment = 48;
inline constexpr std::uint32_t kMostDatagrams = 128;

/// Judges what a frame's sender has asked for (Frame::offload): whether it can be done, by a
/// receiver or by Lowering, and what a receiver must take for the frame to go there as it is.
/// Nothing where the request contradicts the frame. Corrects the length of the headers, which is
/// only a hint.
std::optional<OffloadSet> check_offload(Frame& frame) noexcept;

}  // namespace hpvmnet
