#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "frame/frame.h"
#include "offload/headers.h"

namespace hpvmnet {

/// Does in software what a frame's sender has left to others, as Linux would: completes a checksum,
/// or cuts a frame into segments, each with headers and checksums of its own. No payload is copied:
/// the frames made point to where the whole frame's parts do, so they end with its loan, and what
/// does not fit in their heads stays in the sender's memory, whose changes while this runs cost its
/// own checksums only.
///
/// One thread.
class Lowering {
 public:
  enum class Step : unsigned char {
    made,  ///< a frame is made
    done,  ///< there is none left
    full,  ///< there is not enough room for the parts of the next one; nothing has changed
  };

  /// `whole` has passed check_offload(), asks for something, and outlives this.
  explicit Lowering(const Frame& whole) noexcept;

  /// Makes the next frame. `made.parts` are taken from the front of `room` (made.part_count of
  /// them).
  Step next(Frame& made, std::span<Part> room) noexcept;

 private:
  // A place in the whole frame's bytes.
  struct Place {
    std::uint32_t piece;   // 0: the head, then the parts
    std::uint32_t offset;  // in that piece
  };

  std::span<const std::byte> take(Place& from, std::uint32_t most) const noexcept;
  bool fill(Frame& made, std::uint32_t length, std::span<Part> room) noexcept;
  void finish_segment(Frame& made) const noexcept;
  void finish_tcp(Frame& made) const noexcept;
  void finish_udp(Frame& made) const noexcept;
  void finish_ip(Frame& made) const noexcept;
  void complete_checksum(Frame& made) const noexcept;

  const Frame& whole_;
  std::optional<Layers> layers_;  // where the frame is to be cut
  std::uint32_t begin_;           // of what the segments divide among them
  Place place_;
  std::uint32_t done_ = 0;    // bytes of payload
  std::uint32_t number_ = 0;  // of the next frame
  bool last_ = false;         // the frame just made is
};

}  // namespace hpvmnet
