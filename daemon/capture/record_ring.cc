#include "capture/record_ring.h"

#include <algorithm>
#include <cstring>

#include "frame/copy.h"

namespace hpvmnet {

RecordRing::Slot RecordRing::read(std::uint64_t position) const noexcept {
  Slot slot;
  std::memcpy(&slot, &bytes_[place(position)], sizeof slot);
  return slot;
}

void RecordRing::write(std::uint64_t position, const Slot& slot) noexcept {
  std::memcpy(&bytes_[place(position)], &slot, sizeof slot);
}

bool RecordRing::put(const CaptureRecord& record, const Frame& frame) noexcept {
  // So each header lies in one piece, too: the ring's size is a multiple of this.
  constexpr std::uint64_t kUnit = 64;
  static_assert(sizeof(Slot) <= kUnit && kSize % kUnit == 0);
  const std::uint64_t size = (sizeof(Slot) + record.captured + kUnit - 1) / kUnit * kUnit;
  std::uint64_t at = put_.load(std::memory_order_relaxed);
  const std::uint64_t before_end = kSize - place(at);
  const std::uint64_t filler = size > before_end ? before_end : 0;
  const std::uint64_t used = at - taken_.load(std::memory_order_acquire);
  if (used + filler + size > kSize) return false;
  if (filler != 0) {
    Slot empty;
    empty.record.captured = kFiller;
    empty.size = filler;
    write(at, empty);
    at += filler;
  }
  write(at, {record, size});
  copy_beginning(std::span(&bytes_[place(at) + sizeof(Slot)], record.captured), frame);
  put_.store(at + size, std::memory_order_release);
  return true;
}

}  // namespace hpvmnet
