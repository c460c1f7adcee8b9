#include "support/packed_driver_ring.h"

#include <atomic>
#include <stdexcept>

#include <fmt/format.h>

namespace hpvmnet::test {
namespace {

constexpr std::uint16_t kAvailable = 1U << 7;
constexpr std::uint16_t kUsed = 1U << 15;

// Flags of the event suppression structures.
constexpr std::uint16_t kAllEvents = 0;
constexpr std::uint16_t kNoEvents = 1;
constexpr std::uint16_t kOneEvent = 2;

}  // namespace

PackedDriverRing::PackedDriverRing(GuestRam& ram, const Options& options)
    : DriverRing(ram, options, {4, 4}, {4, 4}) {
  PackedDriverRing::reset();
}

void PackedDriverRing::reset() {
  clear();
  available_ = exposed_ = used_ = 0;
  chains_out_ = 0;
  chain_length_.assign(size_, 0);
  free_ids_.clear();
  for (std::uint32_t id = size_; id > 0; --id) {
    free_ids_.push_back(static_cast<std::uint16_t>(id - 1));
  }
}

std::uint16_t PackedDriverRing::available_marks(std::uint32_t position) const {
  return wrap_counter(position) ? kAvailable : kUsed;
}

std::optional<std::uint16_t> PackedDriverRing::offer(std::span<const ChainPiece> pieces,
                                                     std::size_t indirect_from) {
  if (pieces.empty()) throw std::invalid_argument("a chain without pieces");
  const bool indirect = indirect_from < pieces.size();
  const auto count = indirect ? 1U : static_cast<std::uint32_t>(pieces.size());
  if (count > size_ - (available_ - used_)) return std::nullopt;
  const std::uint16_t id = free_ids_.back();
  free_ids_.pop_back();
  if (indirect) {
    const std::uint64_t table = table_for(id, pieces.size());
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      const std::uint16_t flags = pieces[i].device_writes ? RingDescriptor::kWrite : 0;
      ram_.write(table + 16 * i,
                 bytes_of(RingDescriptor{pieces[i].address, pieces[i].length, 0, flags}));
    }
    write(available_, {table, static_cast<std::uint32_t>(16 * pieces.size())}, id,
          RingDescriptor::kIndirect);
  } else {
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint16_t way = pieces[i].device_writes ? RingDescriptor::kWrite : 0;
      const std::uint16_t more = i + 1 < count ? RingDescriptor::kNext : 0;
      write(available_ + i, pieces[i], id, way | more);
    }
  }
  available_ += count;
  chain_length_[id] = count;
  ++chains_out_;
  return id;
}

// The device stops at the first descriptor that is not shown, so all others can be written at once.
void PackedDriverRing::write(std::uint32_t position, const ChainPiece& piece, std::uint16_t id,
                             std::uint16_t flags) {
  const auto marked = static_cast<std::uint16_t>(flags | available_marks(position));
  const std::uint64_t at = descriptor_at(position);
  struct {
    std::uint64_t address;
    std::uint32_t length;
    std::uint16_t id;
  } __attribute__((packed)) const front{piece.address, piece.length, id};
  ram_.write(at, bytes_of(front));
  if (position == exposed_) {
    hidden_flags_ = marked;
  } else {
    store(at + 14, marked);
  }
}

bool PackedDriverRing::expose() {
  const std::uint32_t before = exposed_;
  if (before == available_) return false;
  exposed_ = available_;
  store(descriptor_at(before) + 14, hidden_flags_);
  std::atomic_thread_fence(std::memory_order_seq_cst);  // the flags before the device's wish
  return kick_wanted(before);
}

bool PackedDriverRing::kick_wanted(std::uint32_t before) const {
  const std::uint16_t wish = load(used_at() + 2);
  if (wish == kAllEvents || wish == kNoEvents) return wish == kAllEvents;
  if (wish != kOneEvent || !event_index_) {
    throw std::runtime_error(fmt::format("the device's wish for kicks is {}", wish));
  }
  const std::uint16_t event = load(used_at());
  for (std::uint32_t position = before; position != exposed_; ++position) {
    if (position % size_ == (event & 0x7fffU) && wrap_counter(position) == (event >> 15 != 0)) {
      return true;
    }
  }
  return false;
}

// Length, id and flags in one piece, as the device writes them.
std::uint64_t PackedDriverRing::answer() const {
  auto* half = reinterpret_cast<std::uint64_t*>(ram_.at(descriptor_at(used_) + 8, 8));
  return std::atomic_ref(*half).load(std::memory_order_acquire);
}

bool PackedDriverRing::collectable() const {
  if (chains_out_ == 0) return false;
  const std::uint64_t marks = answer() >> 48 & (kAvailable | kUsed);
  return marks == (wrap_counter(used_) ? kAvailable | kUsed : 0);
}

std::optional<UsedChain> PackedDriverRing::collect() {
  if (!collectable()) return std::nullopt;
  const std::uint64_t said = answer();
  const auto id = static_cast<std::uint16_t>(said >> 32);
  if (id >= size_ || chain_length_[id] == 0) {
    throw std::runtime_error(fmt::format("used chain {} is not out", id));
  }
  used_ += chain_length_[id];
  chain_length_[id] = 0;
  free_ids_.push_back(id);
  --chains_out_;
  return UsedChain{id, static_cast<std::uint32_t>(said)};
}

void PackedDriverRing::request_interrupts() {
  if (event_index_) {
    const std::uint32_t wrap = wrap_counter(used_) ? 0x8000 : 0;
    store(available_at(), static_cast<std::uint16_t>(used_ % size_ | wrap));
  }
  store(available_at() + 2, event_index_ ? kOneEvent : kAllEvents);
  std::atomic_thread_fence(std::memory_order_seq_cst);  // the wish before the table is read again
}

void PackedDriverRing::suppress_interrupts() { store(available_at() + 2, kNoEvents); }

}  // namespace hpvmnet::test
