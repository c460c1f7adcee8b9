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
struct alignas(64) Frame {
  /// Room for the headers of a tagged IPv6 TCP segment with options.
  static constexpr std::uint32_t kHeadCapacity = 128;
  /// The longest frame that a vswitch carries: two VLAN tags and the largest IP packet.
  static constexpr std::uint32_t kMaxLength = 14 + 2 * 4 + 65535;

  Frame() noexcept {}  // NOLINT(modernize-use-equals-default): leaves the head uninitialised
  Frame(const Frame&) = delete;
  Frame& operator=(const Frame&) = delete;

  /// The private copy; head_length bytes of it are valid: all of the frame, or kHeadCapacity.
  std::array<std::byte, kHeadCapacity> head;

  std::uint32_t length;       ///< bytes of the whole frame
  std::uint32_t head_length;  ///< min(length, kHeadCapacity)
  const Part* parts;          ///< what follows the head, in order
  std::uint32_t part_count;
  Offload offload;  ///< what the sender has left to do; zero where nothing is
  Part whole_rest;  ///< where `parts` points when the rest is in one piece

  /// Describes a frame whose rest is in one piece, at `rest`, without offloads. The caller has
  /// filled the head.
  void set_contiguous(std::uint32_t frame_length, const std::byte* rest) noexcept {
    length = frame_length;
    head_length = std::min(frame_length, kHeadCapacity);
    whole_rest = {rest, frame_length - head_length};
    parts = &whole_rest;
    part_count = whole_rest.length > 0 ? 1 : 0;
    offload = {};
  }

  std::span<const Part> rest() const noexcept { return {parts, part_count}; }
};

}  // namespace hpvmnet
