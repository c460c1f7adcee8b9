#include "avio_lan/ring/egress_ring.h"

#include <algorithm>
#include <cstring>
#include <mutex>

#include "avio_lan/ring/chain.h"
#include "avio_lan/ring/net_header.h"
#include "frame/copy.h"

namespace hpvmnet::avio_lan {
namespace {

constexpr unsigned kBufferWaits = 64;  // pauses: well under the time of a burst

// Writes one run of bytes after the other over the borders of pieces. The pieces have room for all.
class PieceWriter {
 public:
  explicit PieceWriter(const std::span<std::byte>* pieces) noexcept : piece_(pieces) {}

  void write(const std::byte* from, std::size_t count) noexcept {
    while (count > 0) {
      if (filled_ == piece_->size()) {
        ++piece_;
        filled_ = 0;
      }
      const std::size_t now = std::min(count, piece_->size() - filled_);
      std::memcpy(piece_->data() + filled_, from, now);
      filled_ += now;
      from += now;
      count -= now;
    }
  }

 private:
  const std::span<std::byte>* piece_;
  std::size_t filled_ = 0;
};

}  // namespace

void EgressRing::start(const RingSetup& setup) {
  ring_.emplace(setup);
  header_length_ = setup.header_length;
  broken_.store(false, std::memory_order_relaxed);
  starved_ = false;
  region_hint_ = 0;
  pieces_.reserve(kMaxPieces);
  filled_.reserve(kMaxPieces);
  ring_->disable_kicks();
}

std::uint16_t EgressRing::stop() noexcept {
  const std::uint16_t next = ring_->next_available();
  ring_.reset();
  return next;
}

void EgressRing::send(std::span<const Frame* const> frames, Tally& tally) noexcept {
  bool interrupt = false;
  {
    const std::lock_guard guard(lock_);
    if (!ring_ || broken() || !ring_->setup().enabled) {
      tally.drop(Drop::not_ready, frames.size());
      return;
    }
    deliver(frames, tally);
    interrupt = ring_->publish();
  }
  if (interrupt) interrupter_.interrupt(ring_->call());
}

void EgressRing::deliver(std::span<const Frame* const> frames, Tally& tally) noexcept {
  position_ = 0;
  offered_ = wait_for_buffers(static_cast<std::uint32_t>(frames.size()));
  look_up(std::min(offered_, static_cast<std::uint32_t>(frames.size())));
  std::uint64_t placed = 0;
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const std::optional<Drop> why = place(*frames[i]);
    if (!why) {
      ++placed;
      bytes += frames[i]->length;
    } else if (*why == Drop::no_buffer) {  // nor will there be for those behind
      tally.drop(Drop::no_buffer, frames.size() - i);
      break;
    } else {
      tally.drop(*why);
    }
  }
  ring_->take(position_);
  tally.egress_frames.add(placed);
  tally.egress_bytes.add(bytes);
  tally.egress_bursts.add(placed > 0 ? 1 : 0);
}

// How many buffers there are, after a short wait where that is fewer than wanted. A guest that was
// waited for in vain is not waited for again until it has caught up.
std::uint32_t EgressRing::wait_for_buffers(std::uint32_t wanted) noexcept {
  for (unsigned waits = 0;; ++waits) {
    const std::uint32_t available = ring_->available();
    if (available > ring_->size()) {
      break_ring();
      return 0;
    }
    if (available >= wanted) {
      starved_ = false;
      return available;
    }
    if (starved_ || waits == kBufferWaits) {
      starved_ = true;
      return available;
    }
    SpinLock::relax();
  }
}

// Reads the next buffers' descriptors ahead, in two sweeps that prefetch for each other and for the
// copies. Recognises buffers of one descriptor in one region, which nearly all are.
void EgressRing::look_up(std::uint32_t count) noexcept {
  const GuestMemory& memory = *ring_->setup().memory;
  looked_up_ = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    buffers_[i].head = ring_->head(i);
    if (buffers_[i].head >= ring_->size()) {
      count = i;  // place_in_chains() will meet it
      break;
    }
    __builtin_prefetch(ring_->descriptor(buffers_[i].head));
  }
  for (; looked_up_ < count; ++looked_up_) {
    Buffer& buffer = buffers_[looked_up_];
    const Descriptor descriptor = Descriptor::read(ring_->descriptor(buffer.head));
    buffer.data = nullptr;
    buffer.length = descriptor.length;
    if (descriptor.flags != Descriptor::kWrite) continue;
    const auto bytes = memory.at(descriptor.address, descriptor.length, region_hint_);
    if (bytes.empty() || bytes.size() != descriptor.length) continue;
    buffer.data = bytes.data();
    __builtin_prefetch(buffer.data, 1);
    __builtin_prefetch(buffer.data + 64, 1);
  }
}

std::optional<Drop> EgressRing::place(const Frame& frame) noexcept {
  if (position_ < looked_up_) {
    const Buffer& buffer = buffers_[position_];
    if (buffer.data != nullptr && buffer.length >= header_length_ + frame.length) {
      place_simple(frame, buffer);
      return std::nullopt;
    }
  }
  return place_in_chains(frame);
}

void EgressRing::place_simple(const Frame& frame, const Buffer& buffer) noexcept {
  write_net_header(buffer.data, {frame.offload, 1}, header_length_);
  copy_frame(buffer.data + header_length_, frame);
  ring_->use(buffer.head, header_length_ + frame.length);
  ++position_;
}

// The general form: buffers of any shape, several of them where the guest takes merged buffers.
// Nothing is taken before there is room for the whole frame.
std::optional<Drop> EgressRing::place_in_chains(const Frame& frame) noexcept {
  const std::uint64_t needed = std::uint64_t{header_length_} + frame.length;
  std::uint64_t capacity = 0;
  std::uint32_t budget = Chain::kBudget;
  pieces_.clear();
  filled_.clear();
  while (capacity < needed) {
    if (!filled_.empty() && !ring_->setup().mergeable) return Drop::buffer_too_small;
    const std::uint32_t ahead = position_ + static_cast<std::uint32_t>(filled_.size());
    if (ahead >= offered_ && !offered_more(ahead)) return Drop::no_buffer;
    const std::uint16_t head = ring_->head(ahead);
    if (head >= ring_->size()) {
      break_ring();
      return Drop::no_buffer;
    }
    const std::optional<std::uint64_t> room = gather(head, budget);
    filled_.push_back({head, room.value_or(0)});
    if (!room) {
      return_unused();
      return Drop::bad_buffer;
    }
    capacity += *room;
  }
  fill(frame, needed);
  return std::nullopt;
}

bool EgressRing::offered_more(std::uint32_t ahead) noexcept {
  offered_ = ring_->available();
  if (offered_ > ring_->size()) break_ring();
  return !broken() && ahead < offered_;
}

// Adds a chain's memory to pieces_. Its size, or nothing where it breaks the rules.
std::optional<std::uint64_t> EgressRing::gather(std::uint16_t head,
                                                std::uint32_t& budget) noexcept {
  Chain chain(*ring_, head, Chain::Direction::to_guest, budget, region_hint_);
  std::uint64_t room = 0;
  std::span<std::byte> piece;
  Chain::Step step;
  while ((step = chain.next(piece)) == Chain::Step::piece) {
    if (pieces_.size() == kMaxPieces) return std::nullopt;
    pieces_.push_back(piece);
    room += piece.size();
  }
  if (step == Chain::Step::malformed) return std::nullopt;
  return room;
}

// Returns chains that cannot be used, so that the guest does not lose them.
void EgressRing::return_unused() noexcept {
  for (const Filled& chain : filled_) ring_->use(chain.head, 0);
  position_ += static_cast<std::uint32_t>(filled_.size());
}

void EgressRing::fill(const Frame& frame, std::uint64_t needed) noexcept {
  const NetHeader header{frame.offload, static_cast<std::uint16_t>(filled_.size())};
  PieceWriter writer(pieces_.data());
  writer.write(reinterpret_cast<const std::byte*>(&header), header_length_);
  writer.write(frame.head.data(), frame.head_length);
  for (const Part& part : frame.rest()) writer.write(part.data, part.length);
  for (const Filled& chain : filled_) {
    const std::uint64_t written = std::min(needed, chain.room);
    needed -= written;
    ring_->use(chain.head, static_cast<std::uint32_t>(written));
  }
  position_ += static_cast<std::uint32_t>(filled_.size());
}

void EgressRing::break_ring() noexcept {
  broken_.store(true, std::memory_order_relaxed);
  fault_.raise();
}

}  // namespace hpvmnet::avio_lan
