#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include "frame/burst.h"
#include "frame/copy.h"

namespace hpvmnet::lan {

/// Adds a frame that lies in one piece to a burst with room.
inline void lend(std::span<const std::byte> bytes, Burst& burst) noexcept {
  Frame& frame = burst.next();
  const auto length = static_cast<std::uint32_t>(bytes.size());
  const std::uint32_t head = std::min(length, Frame::kHeadCapacity);
  copy_short(frame.head.data(), bytes.data(), head);
  frame.offload = {};
  frame.set_contiguous(length, bytes.data() + head);
  burst.push();
}

}  // namespace hpvmnet::lan
