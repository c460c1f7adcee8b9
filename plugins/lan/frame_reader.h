#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "frame/frame.h"

namespace hpvmnet::lan {

/// Each frame of a stream follows its length in 4 bytes, big-endian, as QEMU's `-netdev stream`
/// writes it.
inline constexpr std::size_t kPrefixLength = 4;
inline constexpr std::size_t kLongestRecord = kPrefixLength + Frame::kMaxLength;

/// Cuts a stream into frames where it lies: bytes come in at the end of a memory, frames leave at
/// its front, and only the beginning of a frame at the end of the memory is ever moved.
///
/// Pure; one thread. The bytes are a stranger's: any length is handled.
class FrameReader {
 public:
  /// What stands at the front.
  enum class Front : unsigned char {
    incomplete,  ///< less than a frame
    frame,       ///< a whole frame, perhaps of length 0
    impossible,  ///< a length that no frame has: the stream cannot be read any further
  };

  /// `memory` has at least kLongestRecord bytes and stays the caller's.
  explicit FrameReader(std::span<std::byte> memory) noexcept : memory_(memory) {}

  /// Where the next bytes of the stream go; never empty. To be asked for only when the front is
  /// incomplete. Frames that pop() has returned are overwritten.
  std::span<std::byte> room() noexcept;

  /// `count` bytes are now in the memory that room() returned.
  void take(std::size_t count) noexcept { end_ += count; }

  Front front() const noexcept;

  /// The length that the peer has announced. Needs a front that is a frame or impossible.
  std::uint32_t front_length() const noexcept;

  /// Removes the frame at the front. Its bytes stay valid until the next room().
  std::span<const std::byte> pop() noexcept;

 private:
  std::span<std::byte> memory_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace hpvmnet::lan
