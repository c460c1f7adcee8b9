#pragma once

#include <algorithm>
#include <cstring>

#include "frame/burst.h"
#include "unit/switch/recording_port.h"

namespace hpvmnet {

/// Makes a burst of these frames, each in one piece. They outlive its use.
inline void lend_frames(const Frames& frames, Burst& burst) {
  burst.clear();
  for (const Bytes& bytes : frames) {
    Frame& frame = burst.next();
    frame.set_contiguous(static_cast<std::uint32_t>(bytes.size()),
                         bytes.data() + std::min<std::size_t>(bytes.size(), Frame::kHeadCapacity));
    std::memcpy(frame.head.data(), bytes.data(), frame.head_length);
    burst.push();
  }
}

}  // namespace hpvmnet
