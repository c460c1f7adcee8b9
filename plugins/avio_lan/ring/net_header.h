#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "frame/offload.h"

namespace hpvmnet::avio_lan {

/// What precedes each frame (virtio 1.2, clause 5.1.6). The legacy form lacks the last field.
struct NetHeader {
  Offload offload;
  std::uint16_t buffers;  ///< that a merged frame is spread over
};
static_assert(sizeof(NetHeader) == 12);

/// Writes it in the form of `length` bytes.
inline void write_net_header(std::byte* to, const NetHeader& header,
                             std::uint32_t length) noexcept {
  std::memcpy(to, &header, offsetof(NetHeader, buffers));
  if (length == sizeof header) {
    std::memcpy(to + offsetof(NetHeader, buffers), &header.buffers, sizeof header.buffers);
  }
}

/// What a guest has asked for. Other flags than the one that is for devices mean nothing.
inline Offload read_offload(const std::byte* header) noexcept {
  Offload offload;
  std::memcpy(&offload, header, sizeof offload);
  offload.flags &= Offload::kNeedsChecksum;
  return offload;
}

}  // namespace hpvmnet::avio_lan
