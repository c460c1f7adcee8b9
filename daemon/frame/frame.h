#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "frame/offload.h"

namespace hpvmnet {

/// A run of bytes that stays in the memory of the frame's sender.
struct Part {
  const std::byte* data = nullptr;
  std::uint32_t length = 0;
};

/// One Ethernet frame, lent by its sender for the time of a burst. Without frame check sequence.
///
/// Its first bytes are a private copy, which the switch decides on and which send() writes to the
/// receivers; the rest is still in the sender's memory, where a hostile guest may rewrite it at any
/// moment. So nothing but a copy towards a receiver ever reads `parts`.
///
/// Three cache lines of private copy and one of description. The copy begins as a frame lies in a
/// guest's buffer: offload and buffer_count are a virtio_net_hdr (virtio 1.2, clause 5.1.6) and the
/// head follows it, so that both are copied in one run.
struct alignas(64) Frame {
  /// Room for the headers of a tagged IPv6 TCP segment with options and extension headers.
  static constexpr std::uint32_t kHeadCapacity = 180;
  /// The longest frame that a vswitch carries: two VLAN tags and the largest IP packet.
  static constexpr std::uint32_t kMaxLength = 14 + 2 * 4 + 65535;

  Frame() noexcept {}  // NOLINT(modernize-use-equals-default): leaves the head uninitialised
  Frame(const Frame&) = delete;
  Frame& operator=(const Frame&) = delete;

  Offload offload;  ///< what the sender has left to do; zero where nothing is
  /// Always 1; a receiver that spreads the frame over several buffers writes its own number.
  std::uint16_t buffer_count = 1;
  /// The private copy; head_length bytes of it are valid: all of the frame, or kHeadCapacity.
  std::array<std::byte, kHeadCapacity> head;

  std::uint32_t length;       ///< bytes of the whole frame
  std::uint32_t head_length;  ///< min(length, kHeadCapacity)
  const Part* parts;          ///< what follows the head, in order; nothing where part_count is 0
  std::uint32_t part_count;
  Part whole_rest;  ///< where `parts` points when the rest is in one piece

  /// The copy as a whole, from the header on.
  static constexpr std::uint32_t kImageSize = 12 + kHeadCapacity;
  std::byte* image() noexcept { return reinterpret_cast<std::byte*>(this); }
  const std::byte* image() const noexcept { return reinterpret_cast<const std::byte*>(this); }

  /// Describes a frame whose rest is in one piece, at `rest`. The caller has filled what is before
  /// `length`.
  void set_contiguous(std::uint32_t frame_length, const std::byte* rest) noexcept {
    length = frame_length;
    head_length = std::min(frame_length, kHeadCapacity);
    part_count = frame_length > kHeadCapacity ? 1 : 0;
    if (part_count == 0) return;
    whole_rest = {rest, frame_length - kHeadCapacity};
    parts = &whole_rest;
  }

  std::span<const Part> rest() const noexcept { return {parts, part_count}; }
};
static_assert(offsetof(Frame, head) + Frame::kHeadCapacity == Frame::kImageSize &&
              sizeof(Frame) == 256);

}  // namespace hpvmnet
