#include "avio_lan/ring/ingress_ring.h"

#include <algorithm>

#include "avio_lan/ring/chain.h"
#include "avio_lan/ring/net_header.h"
#include "frame/copy.h"

// A burst passes in three sweeps, each of which prefetches what the next one reads: the heads from
// the available ring, their descriptors, the first lines of the frames.

namespace hpvmnet::avio_lan {

void IngressRing::start(const RingSetup& setup) {
  ring_.emplace(setup);
  header_length_ = setup.header_length;
  broken_.store(false, std::memory_order_relaxed);
  lent_ = 0;
  region_hint_ = 0;
  ring_->disable_kicks();
  kicks_enabled_ = false;
}

std::uint16_t IngressRing::stop() noexcept {
  const std::uint16_t next = ring_->next_available();
  ring_.reset();
  return next;
}

void IngressRing::receive(Burst& burst, Tally& tally) noexcept {
  if (!ring_ || broken()) return;
  const std::uint32_t count = read_heads();
  if (count == 0) return;
  if (kicks_enabled_) {
    ring_->disable_kicks();
    kicks_enabled_ = false;
  }
  if (!ring_->setup().enabled) {
    tally.drop(Drop::disabled, count);
    ring_->take(count);
    lent_ = count;
    release();
    return;
  }
  look_up(count);
  // A burst of long chains ends early: each chain may use all of the budget, the next one finds
  // half of it spent and waits for the next burst.
  std::uint32_t budget = Chain::kBudget;
  for (lent_ = 0; lent_ < count; ++lent_) {
    if (taken_[lent_].data != nullptr) {
      lend_simple(taken_[lent_], burst);
      continue;
    }
    if (budget < Chain::kBudget / 2) break;
    if (const std::optional<Drop> why = lend_chain(heads_[lent_], burst, budget)) tally.drop(*why);
  }
  ring_->take(lent_);
  std::atomic_signal_fence(std::memory_order_seq_cst);  // from here on only the copies are read
  if (burst.empty()) release();
}

// First sweep: at most a burst of them, still in the available ring.
std::uint32_t IngressRing::read_heads() noexcept {
  const std::uint32_t available = ring_->available();
  if (available == 0) return 0;
  if (available > ring_->size()) {
    break_ring();
    return 0;
  }
  const std::uint32_t count = std::min(available, static_cast<std::uint32_t>(Burst::kCapacity));
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint16_t head = ring_->head(i);
    if (head >= ring_->size()) {
      break_ring();
      return 0;
    }
    heads_[i] = head;
    __builtin_prefetch(ring_->descriptor(head));
  }
  return count;
}

// Second sweep: recognises frames whose header and data share one descriptor within one region,
// which nearly all are.
void IngressRing::look_up(std::uint32_t count) noexcept {
  const GuestMemory& memory = *ring_->setup().memory;
  for (std::uint32_t i = 0; i < count; ++i) {
    const Descriptor descriptor = Descriptor::read(ring_->descriptor(heads_[i]));
    taken_[i] = {nullptr, descriptor.length};
    if (descriptor.flags != 0 || descriptor.length <= header_length_ ||
        descriptor.length - header_length_ > Frame::kMaxLength) {
      continue;
    }
    const auto bytes = memory.at(descriptor.address, descriptor.length, region_hint_);
    if (bytes.size() != descriptor.length) continue;
    taken_[i].data = bytes.data();
    __builtin_prefetch(bytes.data());
    __builtin_prefetch(bytes.data() + 64);
  }
}

// Third sweep.
void IngressRing::lend_simple(const Taken& taken, Burst& burst) noexcept {
  const std::byte* data = taken.data + header_length_;
  Frame& frame = burst.next();
  frame.set_contiguous(taken.length - header_length_, data + Frame::kHeadCapacity);
  if (ring_->setup().offloads) frame.offload = read_offload(taken.data);
  copy_bytes(frame.head.data(), data, frame.head_length);
  burst.push();
}

// The general form: the header's bytes are set apart, the next ones copied into the head, the rest
// lent, wherever the borders of the descriptors are.
std::optional<Drop> IngressRing::lend_chain(std::uint16_t head, Burst& burst,
                                            std::uint32_t& budget) noexcept {
  Chain chain(*ring_, head, Chain::Direction::to_device, budget, region_hint_);
  Frame& frame = burst.next();
  Part* const parts = burst.free_parts();
  std::array<std::byte, sizeof(NetHeader)> header;
  std::uint32_t skip = header_length_;
  std::uint64_t length = 0;
  std::uint32_t in_head = 0;
  std::uint32_t part_count = 0;
  std::span<std::byte> piece;
  Chain::Step step;
  while ((step = chain.next(piece)) == Chain::Step::piece) {
    const std::size_t skipped = std::min<std::size_t>(skip, piece.size());
    copy_bytes(header.data() + header_length_ - skip, piece.data(), skipped);
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
  if (step == Chain::Step::malformed || skip > 0) return Drop::bad_chain;
  frame.length = static_cast<std::uint32_t>(length);
  frame.head_length = in_head;
  frame.parts = parts;
  frame.part_count = part_count;
  frame.offload = ring_->setup().offloads ? read_offload(header.data()) : Offload{};
  burst.take_parts(part_count);
  burst.push();
  return std::nullopt;
}

void IngressRing::release() noexcept {
  for (std::uint32_t i = 0; i < lent_; ++i) ring_->use(heads_[i], 0);
  lent_ = 0;
  if (ring_->publish()) interrupter_.interrupt(ring_->call());
}

Wait IngressRing::park() noexcept {
  if (!ring_ || broken()) return Wait::input;
  ring_->enable_kicks();
  kicks_enabled_ = true;
  return ring_->available() == 0 ? Wait::input : Wait::nothing;
}

void IngressRing::break_ring() noexcept {
  broken_.store(true, std::memory_order_relaxed);
  fault_.raise();
}

}  // namespace hpvmnet::avio_lan
