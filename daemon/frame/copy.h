#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "frame/frame.h"

namespace hpvmnet {

/// Copies `count` bytes between memories that do not overlap. Short copies, which most are, become
/// two loads and two stores that may overlap each other, without a call or a loop.
inline void copy_bytes(std::byte* to, const std::byte* from, std::size_t count) noexcept {
  const auto both_ends = [&](auto block) {
    constexpr std::size_t kBlock = sizeof block;
    auto tail = block;
    std::memcpy(&block, from, kBlock);
    std::memcpy(&tail, from + count - kBlock, kBlock);
    std::memcpy(to, &block, kBlock);
    std::memcpy(to + count - kBlock, &tail, kBlock);
  };
  struct Block16 {
    std::uint64_t words[2];
  };
  struct Block32 {
    std::uint64_t words[4];
  };
  struct Block64 {
    std::uint64_t words[8];
  };
  if (count > 128) {
    std::memcpy(to, from, count);
  } else if (count >= 64) {
    both_ends(Block64{});
  } else if (count >= 32) {
    both_ends(Block32{});
  } else if (count >= 16) {
    both_ends(Block16{});
  } else if (count >= 8) {
    both_ends(std::uint64_t{});
  } else {
    for (std::size_t i = 0; i < count; ++i) to[i] = from[i];
  }
}

/// Copies a whole frame into contiguous memory that has room for frame.length bytes.
inline void copy_frame(std::byte* to, const Frame& frame) noexcept {
  copy_bytes(to, frame.head.data(), frame.head_length);
  to += frame.head_length;
  for (const Part& part : frame.rest()) {
    copy_bytes(to, part.data, part.length);
    to += part.length;
  }
}

}  // namespace hpvmnet
