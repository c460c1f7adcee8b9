#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/lazy_array.h"
#include "frame/frame.h"

namespace hpvmnet {

/// What is kept of a frame beside its bytes.
struct CaptureRecord {
  enum class Kind : std::uint8_t { ingress, egress, drop };

  std::uint64_t time_ns = 0;     ///< since 1970
  std::uint32_t length = 0;      ///< of the frame
  std::uint32_t captured = 0;    ///< bytes of it that follow
  std::uint16_t port = 0;        ///< number of the port where it was seen
  std::uint16_t came_in_by = 0;  ///< number of its ingress port
  Kind kind = Kind::ingress;
  std::uint8_t reason = 0;  ///< a Drop, of a drop
  bool outbound = false;    ///< it was on its way out by `port`
};

/// Records on their way from one worker to one reader. A record lies in one piece.
class RecordRing {
 public:
  static constexpr std::size_t kSize = std::size_t{4} << 20;

  RecordRing() : bytes_(kSize) {}

  /// Keeps the frame's first `record.captured` bytes; false where there is no room for them. Its
  /// one worker.
  bool put(const CaptureRecord& record, const Frame& frame) noexcept;

  /// Calls visit(record, bytes) for the oldest records until they have `most` bytes, and frees
  /// their room. Returns how many bytes they had. Its one reader.
  template <class Visit>
  std::size_t take(std::size_t most, Visit visit) {
    const std::uint64_t end = put_.load(std::memory_order_acquire);
    std::uint64_t at = taken_.load(std::memory_order_relaxed);
    std::size_t bytes = 0;
    while (at != end && bytes < most) {
      const Slot slot = read(at);
      if (slot.record.captured != kFiller) {
        visit(slot.record,
              std::span<const std::byte>(&bytes_[place(at) + sizeof(Slot)], slot.record.captured));
        bytes += slot.size;
      }
      at += slot.size;
    }
    taken_.store(at, std::memory_order_release);
    return bytes;
  }

 private:
  // Before each record; one whose `captured` is kFiller fills what is left before the ring's end.
  struct Slot {
    CaptureRecord record;
    std::uint64_t size = 0;  // with this header, a multiple of its alignment
  };
  static constexpr std::uint32_t kFiller = ~std::uint32_t{0};

  static std::size_t place(std::uint64_t position) noexcept { return position % kSize; }
  Slot read(std::uint64_t position) const noexcept;
  void write(std::uint64_t position, const Slot& slot) noexcept;

  LazyArray<std::byte> bytes_;
  alignas(64) std::atomic<std::uint64_t> put_{0};    // of all bytes ever
  alignas(64) std::atomic<std::uint64_t> taken_{0};  // likewise
};

}  // namespace hpvmnet
