#include "support/split_driver_ring.h"

#include <atomic>
#include <numeric>
#include <stdexcept>

#include <fmt/format.h>

namespace hpvmnet::test {
namespace {

constexpr std::uint16_t kSuppress = 1;  // in both flags words

std::uint64_t entry_size(std::uint32_t count) { return std::uint64_t{16} * count; }

}  // namespace

SplitDriverRing::SplitDriverRing(GuestRam& ram, const Options& options)
    : DriverRing(ram, options, {6 + std::uint64_t{2} * options.size, 2},
                 {6 + std::uint64_t{8} * options.size, 4}),
      next_(options.size),
      chain_length_(options.size) {
  SplitDriverRing::reset();
}

void SplitDriverRing::reset() {
  clear();
  std::iota(next_.begin(), next_.end(), std::uint16_t{1});
  chain_length_.assign(size_, 0);
  first_free_ = 0;
  free_count_ = size_;
  chains_out_ = 0;
  available_index_ = exposed_index_ = used_index_ = 0;
}

std::optional<std::uint16_t> SplitDriverRing::offer(std::span<const ChainPiece> pieces,
                                                    std::size_t indirect_from) {
  const bool has_table = indirect_from < pieces.size();
  const std::size_t direct = has_table ? indirect_from : pieces.size();
  const std::size_t count = direct + (has_table ? 1 : 0);
  if (count == 0) throw std::invalid_argument("a chain without pieces");
  if (count > free_count_) return std::nullopt;

  const std::uint16_t head = first_free_;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint16_t index = take_descriptor();
    RingDescriptor value;
    if (i < direct) {
      value = {pieces[i].address, pieces[i].length,
               pieces[i].device_writes ? RingDescriptor::kWrite : std::uint16_t{0}, 0};
    } else {
      const auto rest = pieces.subspan(direct);
      const std::uint64_t table = table_for(head, rest.size());
      fill_table(table, rest);
      value = {table,
               static_cast<std::uint32_t>(entry_size(static_cast<std::uint32_t>(rest.size()))),
               RingDescriptor::kIndirect, 0};
    }
    if (i + 1 < count) {
      value.flags |= RingDescriptor::kNext;
      value.next = first_free_;
    }
    set_descriptor(index, value);
  }
  chain_length_[head] = static_cast<std::uint32_t>(count);
  ++chains_out_;
  set_available_entry(available_index_, head);
  ++available_index_;
  return head;
}

std::uint16_t SplitDriverRing::take_descriptor() {
  const std::uint16_t index = first_free_;
  first_free_ = next_[index];
  --free_count_;
  return index;
}

// The chain's descriptors are still linked to each other in next_.
void SplitDriverRing::give_back(std::uint16_t head) {
  std::uint16_t last = head;
  for (std::uint32_t i = 1; i < chain_length_[head]; ++i) last = next_[last];
  next_[last] = first_free_;
  first_free_ = head;
  free_count_ += chain_length_[head];
  chain_length_[head] = 0;
  --chains_out_;
}

void SplitDriverRing::fill_table(std::uint64_t table, std::span<const ChainPiece> pieces) {
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    RingDescriptor value{pieces[i].address, pieces[i].length,
                         pieces[i].device_writes ? RingDescriptor::kWrite : std::uint16_t{0}, 0};
    if (i + 1 < pieces.size()) {
      value.flags |= RingDescriptor::kNext;
      value.next = static_cast<std::uint16_t>(i + 1);
    }
    ram_.write(table + entry_size(static_cast<std::uint32_t>(i)), bytes_of(value));
  }
}

bool SplitDriverRing::expose() {
  const std::uint16_t before = exposed_index_;
  if (before == available_index_) return false;
  exposed_index_ = available_index_;
  set_available_index(exposed_index_);
  std::atomic_thread_fence(std::memory_order_seq_cst);  // the index before the device's wish
  return kick_wanted(before, exposed_index_);
}

// Virtio 1.2, clause 2.7.10.1.
bool SplitDriverRing::kick_wanted(std::uint16_t before, std::uint16_t now) const {
  if (!event_index_) return (used_flags() & kSuppress) == 0;
  const std::uint16_t event = load(used_at() + 4 + std::uint64_t{8} * size_);
  return static_cast<std::uint16_t>(now - event - 1) < static_cast<std::uint16_t>(now - before);
}

std::optional<UsedChain> SplitDriverRing::collect() {
  const std::uint32_t ready = static_cast<std::uint16_t>(used_index() - used_index_);
  if (ready == 0) return std::nullopt;
  if (ready > chains_out_) {
    throw std::runtime_error(fmt::format("{} chains used of {} that are out", ready, chains_out_));
  }
  const std::uint64_t entry = used_at() + 4 + std::uint64_t{8} * (used_index_ & (size_ - 1));
  std::uint32_t values[2];
  std::memcpy(values, ram_.at(entry, sizeof values), sizeof values);
  if (values[0] >= size_ || chain_length_[values[0]] == 0) {
    throw std::runtime_error(fmt::format("used chain {} is not out", values[0]));
  }
  ++used_index_;
  const auto head = static_cast<std::uint16_t>(values[0]);
  give_back(head);
  return UsedChain{head, values[1]};
}

void SplitDriverRing::request_interrupts() {
  if (event_index_) {
    store(available_at() + 4 + std::uint64_t{2} * size_, used_index_);
  } else {
    store(available_at(), 0);
  }
  std::atomic_thread_fence(std::memory_order_seq_cst);  // the wish before the index is read again
}

void SplitDriverRing::suppress_interrupts() {
  if (event_index_) {
    store(available_at() + 4 + std::uint64_t{2} * size_,
          static_cast<std::uint16_t>(used_index_ - 1));
  } else {
    store(available_at(), kSuppress);
  }
}

RingDescriptor SplitDriverRing::descriptor(std::uint32_t index) const {
  RingDescriptor value;
  std::memcpy(&value, ram_.at(descriptors_at() + entry_size(index), sizeof value), sizeof value);
  return value;
}

void SplitDriverRing::set_descriptor(std::uint32_t index, const RingDescriptor& value) {
  ram_.write(descriptors_at() + entry_size(index), bytes_of(value));
}

std::uint16_t SplitDriverRing::available_index() const { return load(available_at() + 2); }

void SplitDriverRing::set_available_index(std::uint16_t index) { store(available_at() + 2, index); }

void SplitDriverRing::set_available_entry(std::uint32_t position, std::uint16_t head) {
  store(available_at() + 4 + std::uint64_t{2} * (position & (size_ - 1)), head);
}

std::uint16_t SplitDriverRing::used_index() const { return load(used_at() + 2); }

std::uint16_t SplitDriverRing::used_flags() const { return load(used_at()); }

}  // namespace hpvmnet::test
