#pragma once

#include <array>
#include <climits>
#include <cstddef>
#include <span>

#include <sys/uio.h>

#include "frame/burst.h"
#include "frame/frame.h"
#include "lan/frame_reader.h"

namespace hpvmnet::lan {

/// Writes a frame as a stream carries it, its length first, to memory with room for
/// kPrefixLength + frame.length bytes.
void encode(const Frame& frame, std::byte* to) noexcept;

/// The records of several frames as one list of memory pieces, for a single system call. Lengths
/// and private heads stand side by side in here, so that the kernel takes short frames in one
/// piece; the rest of each frame is taken from its sender's memory.
///
/// Large and never initialised: meant for the stack of one call.
class Gathering {
 public:
  static constexpr std::size_t kPieces = IOV_MAX;

  Gathering() noexcept {}  // NOLINT(modernize-use-equals-default): leaves the arrays uninitialised
  Gathering(const Gathering&) = delete;
  Gathering& operator=(const Gathering&) = delete;

  /// Adds frames from the front of `frames` while they fit. Returns how many; 0 only where the
  /// first one alone is in more pieces than a system call takes. Once in the life of a gathering.
  std::size_t add(std::span<const Frame* const> frames) noexcept;

  std::span<iovec> pieces() noexcept { return std::span(pieces_).first(count_); }

 private:
  void add_front(const Frame& frame) noexcept;
  void add_piece(const std::byte* data, std::size_t length) noexcept;

  std::size_t count_ = 0;
  std::size_t fronts_used_ = 0;
  std::array<iovec, kPieces> pieces_;
  std::array<std::byte, Burst::kCapacity*(kPrefixLength + Frame::kHeadCapacity)> fronts_;
};

}  // namespace hpvmnet::lan
