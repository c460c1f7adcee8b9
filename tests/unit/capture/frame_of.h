#pragma once

#include <algorithm>
#include <cstring>

#include "frame/frame.h"
#include "support/bytes.h"

namespace hpvmnet {

/// Makes `frame` one of these bytes, which outlive its use.
inline void lend(const test::Bytes& bytes, Frame& frame) {
  frame.set_contiguous(static_cast<std::uint32_t>(bytes.size()),
                       bytes.data() + std::min<std::size_t>(bytes.size(), Frame::kHeadCapacity));
  std::memcpy(frame.head.data(), bytes.data(), frame.head_length);
}

/// Bytes that tell their number and length.
inline test::Bytes numbered(std::uint32_t number, std::size_t length) {
  test::Bytes bytes(length);
  for (std::size_t i = 0; i < length; ++i) {
    bytes[i] = static_cast<std::byte>((number >> (8 * (i % 4))) + i / 4 * 7);
  }
  return bytes;
}

}  // namespace hpvmnet
