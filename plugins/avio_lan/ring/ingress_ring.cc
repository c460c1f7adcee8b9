#include "avio_lan/ring/ingress_ring.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <optional>
#include <span>

#include "avio_lan/ring/chain.h"
#include "avio_lan/ring/look_ahead.h"
#include "avio_lan/ring/net_header.h"
#include "avio_lan/ring/packed_ring.h"
#include "avio_lan/ring/split_ring.h"
#include "frame/copy.h"

namespace hpvmnet::avio_lan {
namespace {

template <class Ring>
class IngressRingOf final : public IngressRing {
 public:
  IngressRingOf(Signal& fault, Interrupter& interrupter, const RingSetup& setup) noexcept
      : fault_(fault),
        interrupter_(interrupter),
        ring_(setup),
        header_length_(setup.header_length) {
    ring_.disable_kicks();
  }

  std::uint16_t next_available() const noexcept override { return ring_.next_available(); }
  void set_call(int call) noexcept override { ring_.set_call(call); }
  bool broken() const noexcept override { return broken_.load(std::memory_order_relaxed); }
  void receive(Burst& burst, Tally& tally) noexcept override;
  void release() noexcept override;
  Wait park() noexcept override;

 private:
  std::uint32_t lend_simple(std::uint32_t count, Burst& burst) noexcept;
  void lend_any(std::uint32_t count, Burst& burst, Tally& tally) noexcept;
  std::optional<Drop> lend_chain(std::uint32_t first, Burst& burst, std::uint32_t& budget) noexcept;
  void discard(std::uint32_t count, Tally& tally) noexcept;
  void take_chain() noexcept;
  void break_ring() noexcept;

  Signal& fault_;
  Interrupter& interrupter_;
  Ring ring_;
  const std::uint32_t header_length_;
  std::atomic<bool> broken_{false};  // read by the control thread, too
  bool kicks_enabled_ = false;
  std::uint32_t lent_ = 0;  // entries of the current burst, to be returned
  LookAhead<Ring> ahead_{ring_, Direction::to_device};
  GuestMemory::Window window_;  // for chains
};

// Takes what was known before this visit, whose first lines are here by now, and looks ahead for
// the next one. After a pause there is nothing known, and nothing to wait for.
template <class Ring>
void IngressRingOf<Ring>::receive(Burst& burst, Tally& tally) noexcept {
  if (broken()) return;
  std::uint32_t count = ahead_.size();
  if (!ahead_.extend(ring_, count + Burst::kCapacity)) return break_ring();
  if (count == 0) count = ahead_.size();
  if (count == 0) return;
  if (kicks_enabled_) {
    ring_.disable_kicks();
    kicks_enabled_ = false;
  }
  if (!ring_.setup().enabled) return discard(count, tally);
  lent_ = lend_simple(count, burst);
  ring_.take(lent_);
  ahead_.take(ring_, lent_);
  if (lent_ < count) lend_any(count, burst, tally);
  std::atomic_signal_fence(std::memory_order_seq_cst);  // from here on only the copies are read
  if (burst.empty()) release();
}

// What a guest sends on a ring that it has disabled.
template <class Ring>
void IngressRingOf<Ring>::discard(std::uint32_t count, Tally& tally) noexcept {
  tally.drop(Drop::disabled, count);
  while (lent_ < count) take_chain();
  release();
}

// Lends entries of the simple form, header and frame in one run of memory, up to the first that is
// not. Returns how many.
template <class Ring>
std::uint32_t IngressRingOf<Ring>::lend_simple(std::uint32_t count, Burst& burst) noexcept {
  if (header_length_ != sizeof(NetHeader)) return 0;
  const bool offloads = ring_.setup().offloads;
  const std::uint32_t first = ahead_.next();
  std::uint32_t lent = 0;
  for (; lent < count; ++lent) {
    const auto& entry = ahead_[first + lent];
    const std::uint32_t length = entry.length - std::uint32_t{sizeof(NetHeader)};
    if (entry.data == nullptr || length - 1 >= Frame::kMaxLength) break;
    Frame& frame = burst[lent];
    const std::uint32_t copied = std::min(entry.length, Frame::kImageSize);
    copy_short(frame.image(), entry.data, copied);
    keep_offload(frame.offload, offloads);
    frame.buffer_count = 1;
    frame.set_contiguous(length, entry.data + copied);
  }
  burst.push(lent);
  return lent;
}

// Lends the entries behind those that lend_simple() has lent, whatever their form. A burst of long
// chains ends early: each chain may use all of the budget, the next one finds half of it spent and
// waits for the next burst.
template <class Ring>
void IngressRingOf<Ring>::lend_any(std::uint32_t count, Burst& burst, Tally& tally) noexcept {
  std::uint32_t budget = kChainBudget;
  while (lent_ < count && budget >= kChainBudget / 2) {
    const std::uint32_t handle = ahead_[ahead_.next()].handle;
    const std::uint32_t first = ring_.first_descriptor(ring_.next_available(), handle);
    if (const std::optional<Drop> why = lend_chain(first, burst, budget)) tally.drop(*why);
    take_chain();
  }
}

template <class Ring>
void IngressRingOf<Ring>::take_chain() noexcept {
  ring_.take_chain(ahead_[ahead_.next()].handle);
  ahead_.take(ring_, 1);
  ++lent_;
}

// The general form: the header's bytes are set apart, the next ones copied into the head, the rest
// lent, wherever the borders of the descriptors are.
template <class Ring>
std::optional<Drop> IngressRingOf<Ring>::lend_chain(std::uint32_t first, Burst& burst,
                                                    std::uint32_t& budget) noexcept {
  Chain<Ring> chain(ring_, first, Direction::to_device, budget, window_);
  Frame& frame = burst.next();
  Part* const parts = burst.free_parts();
  std::array<std::byte, sizeof(NetHeader)> header;
  std::uint32_t skip = header_length_;
  std::uint64_t length = 0;
  std::uint32_t in_head = 0;
  std::uint32_t part_count = 0;
  std::span<std::byte> piece;
  typename Chain<Ring>::Step step;
  while ((step = chain.next(piece)) == Chain<Ring>::Step::piece) {
    const std::size_t skipped = std::min<std::size_t>(skip, piece.size());
    std::memcpy(header.data() + header_length_ - skip, piece.data(), skipped);
    skip -= static_cast<std::uint32_t>(skipped);
    piece = piece.subspan(skipped);
    length += piece.size();
    if (length > Frame::kMaxLength) return Drop::oversize;
    const std::size_t copied = std::min<std::size_t>(Frame::kHeadCapacity - in_head, piece.size());
    copy_bytes(frame.head.data() + in_head, piece.data(), copied);
    in_head += static_cast<std::uint32_t>(copied);
    piece = piece.subspan(copied);
    if (piece.empty()) continue;
    if (part_count == burst.part_room()) return Drop::bad_chain;
    parts[part_count++] = {piece.data(), static_cast<std::uint32_t>(piece.size())};
  }
  if (step == Chain<Ring>::Step::malformed || skip > 0) return Drop::bad_chain;
  frame.length = static_cast<std::uint32_t>(length);
  frame.head_length = in_head;
  frame.parts = parts;
  frame.part_count = part_count;
  std::memcpy(&frame.offload, header.data(), sizeof frame.offload);
  keep_offload(frame.offload, ring_.setup().offloads);
  frame.buffer_count = 1;
  burst.take_parts(part_count);
  burst.push();
  return std::nullopt;
}

template <class Ring>
void IngressRingOf<Ring>::release() noexcept {
  {
    typename Ring::UsedWriter used(ring_);
    const std::uint32_t first = ahead_.next() - lent_;
    for (std::uint32_t i = 0; i < lent_; ++i) used.add(ahead_[first + i].handle, 0);
  }
  lent_ = 0;
  if (ring_.publish()) interrupter_.interrupt(ring_.call());
}

template <class Ring>
Wait IngressRingOf<Ring>::park() noexcept {
  if (broken()) return Wait::input;
  ring_.enable_kicks();
  kicks_enabled_ = true;
  return ahead_.size() == 0 && !ring_.has_available() ? Wait::input : Wait::nothing;
}

template <class Ring>
void IngressRingOf<Ring>::break_ring() noexcept {
  broken_.store(true, std::memory_order_relaxed);
  fault_.raise();
}

}  // namespace

std::unique_ptr<IngressRing> IngressRing::make(Signal& fault, Interrupter& interrupter,
                                               const RingSetup& setup) {
  if (setup.packed) {
    return std::make_unique<IngressRingOf<PackedRing>>(fault, interrupter, setup);
  }
  return std::make_unique<IngressRingOf<SplitRing>>(fault, interrupter, setup);
}

}  // namespace hpvmnet::avio_lan
