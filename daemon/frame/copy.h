#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include <emmintrin.h>

#include "frame/frame.h"

namespace hpvmnet {

/// Copies a block of a size that is known when this is compiled, through registers alone: compilers
/// put a copy of a local block on the stack, too.
template <std::size_t kSize>
inline void copy_block(std::byte* to, const std::byte* from) noexcept {
  constexpr std::size_t kVector = sizeof(__m128i);
  if constexpr (kSize > kVector) {
    const __m128i front = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
    copy_block<kSize - kVector>(to + kVector, from + kVector);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), front);
  } else {
    std::memcpy(to, from, kSize);
  }
}

/// From here on a run is copied past the caches: a receiver reads it much later if at all, and it
/// would displace everything else. Measured: large segments gain half as much again, 9000-byte
/// frames nothing, shorter ones lose.
inline constexpr std::size_t kStreamedRun = 16 * 1024;

/// For copy_bytes(): runs of kStreamedRun bytes and more. Other processors see them before anything
/// that is written afterwards.
void copy_streamed(std::byte* to, const std::byte* from, std::size_t count) noexcept;

/// The longest run of copy_short().
inline constexpr std::size_t kShortRun = 256;

/// Copies up to kShortRun bytes between memories that do not overlap, as a few blocks of which the
/// last may overlap the one before, without a call. The heads of frames are never longer.
[[gnu::always_inline]] inline void copy_short(std::byte* to, const std::byte* from,
                                              std::size_t count) noexcept {
  const auto both_ends = [=]<std::size_t kSize>() {
    copy_block<kSize>(to, from);
    copy_block<kSize>(to + count - kSize, from + count - kSize);
  };
  if (count >= 64) {
    copy_block<64>(to, from);
    std::size_t done = 64;
    for (; count - done > 64; done += 64) copy_block<64>(to + done, from + done);
    if (count - done <= 16) {
      copy_block<16>(to + count - 16, from + count - 16);
    } else {
      copy_block<64>(to + count - 64, from + count - 64);
    }
  } else if (count >= 32) {
    both_ends.template operator()<32>();
  } else if (count >= 16) {
    both_ends.template operator()<16>();
  } else if (count >= 8) {
    both_ends.template operator()<8>();
  } else {
    for (std::size_t i = 0; i < count; ++i) to[i] = from[i];
  }
}

/// Copies `count` bytes between memories that do not overlap.
[[gnu::always_inline]] inline void copy_bytes(std::byte* to, const std::byte* from,
                                              std::size_t count) noexcept {
  if (count <= kShortRun) {
    copy_short(to, from, count);
  } else if (count < kStreamedRun) {
    std::memcpy(to, from, count);
  } else {
    copy_streamed(to, from, count);
  }
}

/// Copies what follows the head of a frame to contiguous memory that has room for it.
inline void copy_rest(std::byte* to, const Frame& frame) noexcept {
  for (const Part& part : frame.rest()) {
    copy_bytes(to, part.data, part.length);
    to += part.length;
  }
}

/// Copies a whole frame to contiguous memory that has room for frame.length bytes.
inline void copy_frame(std::byte* to, const Frame& frame) noexcept {
  copy_short(to, frame.head.data(), frame.head_length);
  copy_rest(to + frame.head_length, frame);
}

/// Copies the first to.size() bytes of a frame, or all of a shorter one. Returns how many.
inline std::uint32_t copy_beginning(std::span<std::byte> to, const Frame& frame) noexcept {
  std::size_t length = std::min<std::size_t>(frame.head_length, to.size());
  copy_short(to.data(), frame.head.data(), length);
  for (const Part& part : frame.rest()) {
    if (length == to.size()) break;
    const std::size_t taken = std::min<std::size_t>(part.length, to.size() - length);
    copy_bytes(&to[length], part.data, taken);
    length += taken;
  }
  return static_cast<std::uint32_t>(length);
}

}  // namespace hpvmnet
