#include "avio_lan/ring/packed_ring.h"

#include <utility>

namespace hpvmnet::avio_lan {

PackedRing::PackedRing(RingSetup setup) noexcept
    : setup_(std::move(setup)),
      table_{setup_.descriptors, setup_.size},
      next_available_(setup_.recovering ? recover() : setup_.next_available),
      next_used_(next_available_),
      published_(next_available_),
      call_(setup_.call) {
  note(next_available_);
}

// Walks to the end of the chain, whose last descriptor has the id of the whole (clause 2.8.6).
bool PackedRing::Reader::read(Found& found) noexcept {
  found.first = read_descriptor(ring_.table_.at(next_));
  Descriptor last = found.first;
  std::uint32_t count = 1;
  while ((last.flags & Descriptor::kNext) != 0) {
    if (count == room_) return false;
    last = read_descriptor(ring_.table_.at(next_ + count));
    ++count;
  }
  if (last.link >= ring_.size()) return false;
  found.handle = last.link | count << 16;
  next_ += count;
  room_ -= count;
  --left_;
  return true;
}

bool PackedRing::publish() noexcept {
  const std::uint16_t before = published_;
  if (next_used_ == before) return false;
  if (static_cast<std::uint16_t>(next_used_ - noted_) > size() / 2) note(before);
  published_ = next_used_;
  table_.second_half(before).store(first_entry_, std::memory_order_release);
  if (call() < 0) return false;
  std::atomic_thread_fence(std::memory_order_seq_cst);  // the entry before the driver's wish
  return interrupt_wanted(before);
}

// Clause 2.8.10: the position asked for is among those published since `before`.
bool PackedRing::interrupt_wanted(std::uint16_t before) const noexcept {
  const std::uint16_t wish = shared_word(setup_.available + 2).load(std::memory_order_acquire);
  if (wish != kOneEvent || !setup_.event_index) return wish != kNoEvents;
  const std::uint32_t event =
      packed_position(shared_word(setup_.available).load(std::memory_order_relaxed), size());
  const std::uint32_t mask = 2 * size() - 1;
  return ((published_ - event - 1) & mask) < ((published_ - before) & mask);
}

void PackedRing::mark_used(std::uint32_t position, std::uint32_t count) noexcept {
  for (const std::uint32_t end = position + count; position != end; ++position) {
    const auto others = static_cast<std::uint16_t>(
        table_.flags(position).load(std::memory_order_relaxed) & ~PackedTable::kMarks);
    table_.flags(position).store(others | table_.used_marks(position), std::memory_order_relaxed);
  }
}

// 0 is left to drivers that start anew. Only a ring of 32768 has no other value for its first
// position, and is taken to be new there.
void PackedRing::note(std::uint16_t position) noexcept {
  const std::uint32_t round = 2 * size();
  const std::uint32_t within = position & (round - 1);
  shared_word(setup_.used)
      .store(static_cast<std::uint16_t>(within == 0 ? round : within), std::memory_order_relaxed);
  noted_ = position;
}

// Goes from the position noted last over all that has been returned since. Where a descriptor is
// available and the one behind it has been used, a burst ended before it was shown to the driver.
std::uint16_t PackedRing::recover() noexcept {
  const std::uint32_t noted = shared_word(setup_.used).load(std::memory_order_relaxed);
  if (noted == 0) return setup_.next_available;
  std::uint32_t position = noted & (2 * size() - 1);
  const std::uint32_t end = position + size();
  while (position != end && table_.is_returned(position)) ++position;
  const bool unshown = position != end && position + 1 != end && table_.is_available(position) &&
                       table_.is_returned(position + 1);
  if (unshown) {
    table_.second_half(position).store(table_.used_entry(position, id_of_chain(position), 0),
                                       std::memory_order_release);
    while (position != end && table_.is_returned(position)) ++position;
  }
  return static_cast<std::uint16_t>(position);
}

std::uint32_t PackedRing::id_of_chain(std::uint32_t position) const noexcept {
  Descriptor descriptor = read_descriptor(table_.at(position));
  for (std::uint32_t i = 1; i < size() && (descriptor.flags & Descriptor::kNext) != 0; ++i) {
    descriptor = read_descriptor(table_.at(position + i));
  }
  return descriptor.link;
}

}  // namespace hpvmnet::avio_lan
