#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "frame/frame.h"

namespace hpvmnet::avio_lan {

/// What precedes each frame (virtio 1.2, clause 5.1.6). The legacy form lacks the last field.
struct NetHeader {
  Offload offload;
  std::uint16_t buffers;  ///< that a merged frame is spread over
};
static_assert(sizeof(NetHeader) == offsetof(Frame, head) && offsetof(Frame, offload) == 0 &&
              offsetof(NetHeader, buffers) == offsetof(Frame, buffer_count));

/// Of what a guest has written, keeps what it may ask for: other flags than the one that is for
/// devices mean nothing, and nothing does where no offloads were negotiated.
inline void keep_offload(Offload& offload, bool negotiated) noexcept {
  if (negotiated) {
    offload.flags &= Offload::kNeedsChecksum;
  } else {
    offload = {};
  }
}

}  // namespace hpvmnet::avio_lan
