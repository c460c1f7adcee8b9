#include "avio_lan/ring/egress_ring.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <mutex>
#include <optional>
#include <vector>

#include "avio_lan/ring/chain.h"
#include "avio_lan/ring/look_ahead.h"
#include "avio_lan/ring/net_header.h"
#include "avio_lan/ring/packed_ring.h"
#include "avio_lan/ring/split_ring.h"
#include "base/spin_lock.h"
#include "frame/copy.h"

namespace hpvmnet::avio_lan {
namespace {

constexpr unsigned kBufferWaits = 64;  // pauses: well under the time of a burst

// Not to be inlined: the loop that calls them has no registers to spare.

// The header without its last field, and the head.
[[gnu::noinline]] void write_legacy(std::byte* to, const Frame& frame) noexcept {
  constexpr std::size_t kHeader = offsetof(NetHeader, buffers);
  copy_short(to, frame.image(), kHeader);
  copy_short(to + kHeader, frame.head.data(), frame.head_length);
}

// What follows the head, up to where the frame is to end.
[[gnu::noinline]] void write_rest(std::byte* end, const Frame& frame) noexcept {
  copy_rest(end - (frame.length - frame.head_length), frame);
}

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

template <class Ring>
class EgressRingOf final : public EgressRing {
 public:
  EgressRingOf(Signal& fault, Interrupter& interrupter, const RingSetup& setup)
      : fault_(fault),
        interrupter_(interrupter),
        ring_(setup),
        header_length_(setup.header_length) {
    pieces_.reserve(kMaxPieces);
    filled_.reserve(kMaxPieces);
    ring_.disable_kicks();
  }

  std::uint16_t next_available() const noexcept override { return ring_.next_available(); }
  bool enabled() const noexcept override { return ring_.setup().enabled; }
  void set_call(int call) noexcept override { ring_.set_call(call); }
  bool broken() const noexcept override { return broken_.load(std::memory_order_relaxed); }
  void send(std::span<const Frame* const> frames, Tally& tally) noexcept override;

 private:
  struct Filled {  // a chain that a frame goes to
    std::uint32_t handle;
    std::uint64_t room;  // bytes
  };
  /// Pieces of memory that one frame may be spread over.
  static constexpr std::size_t kMaxPieces = 8192;

  void deliver(std::span<const Frame* const> frames, Tally& tally) noexcept;
  void wait_for_buffers(std::uint32_t wanted) noexcept;
  std::size_t place_simple(std::span<const Frame* const> frames, std::uint64_t& bytes) noexcept;
  std::optional<Drop> place_in_chains(const Frame& frame) noexcept;
  std::optional<std::uint64_t> gather(std::uint32_t first, std::uint32_t& budget) noexcept;
  void return_unused() noexcept;
  void fill(const Frame& frame, std::uint64_t needed) noexcept;
  void take_filled() noexcept;
  void break_ring() noexcept;

  Signal& fault_;
  Interrupter& interrupter_;
  SpinLock lock_;
  Ring ring_;
  const std::uint32_t header_length_;
  std::atomic<bool> broken_{false};  // read by the control thread, too
  bool starved_ = false;             // the last wait for buffers was in vain
  LookAhead<Ring> ahead_{ring_, Direction::to_guest};
  GuestMemory::Window window_;  // for chains

  // Of the frame that is being placed in chains:
  std::vector<std::span<std::byte>> pieces_;  // of the chains in filled_; reserved at first
  std::vector<Filled> filled_;
};

template <class Ring>
void EgressRingOf<Ring>::send(std::span<const Frame* const> frames, Tally& tally) noexcept {
  bool interrupt = false;
  {
    const std::lock_guard guard(lock_);
    if (broken() || !ring_.setup().enabled) {
      tally.drop(Drop::not_ready, frames.size());
      return;
    }
    deliver(frames, tally);
    interrupt = ring_.publish();
    if (!broken() && !ahead_.extend(ring_, Burst::kCapacity)) break_ring();
  }
  if (interrupt) interrupter_.interrupt(ring_.call());
}

template <class Ring>
void EgressRingOf<Ring>::deliver(std::span<const Frame* const> frames, Tally& tally) noexcept {
  wait_for_buffers(static_cast<std::uint32_t>(frames.size()));
  std::uint64_t bytes = 0;
  std::uint64_t failed = 0;
  const std::size_t count = frames.size();
  for (;;) {
    frames = frames.subspan(place_simple(frames, bytes));
    if (frames.empty() || broken()) break;
    const Frame& frame = *frames.front();
    const std::optional<Drop> why = place_in_chains(frame);
    if (why == Drop::no_buffer) break;  // nor will there be for those behind
    frames = frames.subspan(1);
    if (why) {
      tally.drop(*why);
      ++failed;
    } else {
      bytes += frame.length;
    }
  }
  if (!frames.empty()) tally.drop(Drop::no_buffer, frames.size());
  const std::uint64_t placed = count - frames.size() - failed;
  tally.egress_frames.add(placed);
  tally.egress_bytes.add(bytes);
  tally.egress_bursts.add(placed > 0 ? 1 : 0);
}

// Waits a short time where there are fewer buffers than wanted. A guest that was waited for in vain
// is not waited for again until it has caught up.
template <class Ring>
void EgressRingOf<Ring>::wait_for_buffers(std::uint32_t wanted) noexcept {
  for (unsigned waits = 0; ahead_.size() < wanted; ++waits) {
    if (!ahead_.extend(ring_, wanted)) return break_ring();
    if (ahead_.size() >= wanted) break;
    if (starved_ || waits == kBufferWaits) {
      starved_ = true;
      return;
    }
    SpinLock::relax();
  }
  starved_ = false;
}

// Writes frames to buffers of the simple form that are long enough, up to the first that does not
// find one. Returns how many, and adds their lengths to `bytes`.
template <class Ring>
std::size_t EgressRingOf<Ring>::place_simple(std::span<const Frame* const> frames,
                                             std::uint64_t& bytes) noexcept {
  const std::uint32_t first = ahead_.next();
  const std::size_t end = std::min<std::size_t>(frames.size(), ahead_.size());
  std::uint64_t length = 0;
  std::size_t placed = 0;
  {
    typename Ring::UsedWriter used(ring_);
    for (; placed < end; ++placed) {
      const Frame& frame = *frames[placed];
      const auto& buffer = ahead_[first + static_cast<std::uint32_t>(placed)];
      const std::uint32_t written = header_length_ + frame.length;
      if (buffer.data == nullptr || buffer.length < written) break;
      if (header_length_ != sizeof(NetHeader)) [[unlikely]] {
        write_legacy(buffer.data, frame);
      } else {
        copy_short(buffer.data, frame.image(), sizeof(NetHeader) + frame.head_length);
      }
      if (frame.part_count > 0) write_rest(buffer.data + written, frame);
      used.add(buffer.handle, written);
      length += frame.length;
    }
  }
  bytes += length;
  ring_.take(static_cast<std::uint32_t>(placed));
  ahead_.take(ring_, static_cast<std::uint32_t>(placed));
  return placed;
}

// The general form: buffers of any shape, several of them where the guest takes merged buffers.
// Nothing is taken before there is room for the whole frame.
template <class Ring>
std::optional<Drop> EgressRingOf<Ring>::place_in_chains(const Frame& frame) noexcept {
  const std::uint64_t needed = std::uint64_t{header_length_} + frame.length;
  std::uint64_t capacity = 0;
  std::uint32_t budget = kChainBudget;
  pieces_.clear();
  filled_.clear();
  typename Ring::Reader reader(ring_, ring_.next_available(), kMaxPieces);
  if (reader.broken()) {
    break_ring();
    return Drop::no_buffer;
  }
  while (capacity < needed) {
    if (!filled_.empty() && !ring_.setup().mergeable) return Drop::buffer_too_small;
    const std::uint16_t position = reader.position();
    typename Ring::Found found;
    if (!reader.more()) return Drop::no_buffer;
    if (!reader.read(found)) {
      break_ring();
      return Drop::no_buffer;
    }
    const std::optional<std::uint64_t> room =
        gather(ring_.first_descriptor(position, found.handle), budget);
    filled_.push_back({found.handle, room.value_or(0)});
    if (!room) {
      return_unused();
      return Drop::bad_buffer;
    }
    capacity += *room;
  }
  fill(frame, needed);
  return std::nullopt;
}

// Adds a chain's memory to pieces_. Its size, or nothing where it breaks the rules.
template <class Ring>
std::optional<std::uint64_t> EgressRingOf<Ring>::gather(std::uint32_t first,
                                                        std::uint32_t& budget) noexcept {
  Chain<Ring> chain(ring_, first, Direction::to_guest, budget, window_);
  std::uint64_t room = 0;
  std::span<std::byte> piece;
  typename Chain<Ring>::Step step;
  while ((step = chain.next(piece)) == Chain<Ring>::Step::piece) {
    if (pieces_.size() == kMaxPieces) return std::nullopt;
    pieces_.push_back(piece);
    room += piece.size();
  }
  if (step == Chain<Ring>::Step::malformed) return std::nullopt;
  return room;
}

// Returns chains that cannot be used, so that the guest does not lose them.
template <class Ring>
void EgressRingOf<Ring>::return_unused() noexcept {
  typename Ring::UsedWriter used(ring_);
  for (const Filled& chain : filled_) used.add(chain.handle, 0);
  take_filled();
}

template <class Ring>
void EgressRingOf<Ring>::fill(const Frame& frame, std::uint64_t needed) noexcept {
  const NetHeader header{frame.offload, static_cast<std::uint16_t>(filled_.size())};
  PieceWriter writer(pieces_.data());
  writer.write(reinterpret_cast<const std::byte*>(&header), header_length_);
  writer.write(frame.head.data(), frame.head_length);
  for (const Part& part : frame.rest()) writer.write(part.data, part.length);
  typename Ring::UsedWriter used(ring_);
  for (const Filled& chain : filled_) {
    const std::uint64_t written = std::min(needed, chain.room);
    needed -= written;
    used.add(chain.handle, static_cast<std::uint32_t>(written));
  }
  take_filled();
}

template <class Ring>
void EgressRingOf<Ring>::take_filled() noexcept {
  for (const Filled& chain : filled_) ring_.take_chain(chain.handle);
  ahead_.take(ring_, static_cast<std::uint32_t>(filled_.size()));
}

template <class Ring>
void EgressRingOf<Ring>::break_ring() noexcept {
  broken_.store(true, std::memory_order_relaxed);
  fault_.raise();
}

}  // namespace

std::unique_ptr<EgressRing> EgressRing::make(Signal& fault, Interrupter& interrupter,
                                             const RingSetup& setup) {
  if (setup.packed) return std::make_unique<EgressRingOf<PackedRing>>(fault, interrupter, setup);
  return std::make_unique<EgressRingOf<SplitRing>>(fault, interrupter, setup);
}

}  // namespace hpvmnet::avio_lan
