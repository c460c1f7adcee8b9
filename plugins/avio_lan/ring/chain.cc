#include "avio_lan/ring/chain.h"

#include <cstring>

#include "avio_lan/ring/packed_ring.h"
#include "avio_lan/ring/split_ring.h"

namespace hpvmnet::avio_lan {

template <class Ring>
auto Chain<Ring>::next(std::span<std::byte>& piece) noexcept -> Step {
  while (length_ == 0) {
    if (const Step step = read_descriptor(); step != Step::piece) return step;
  }
  piece = memory_.at(address_, length_, window_);
  if (piece.empty()) return Step::malformed;
  address_ += piece.size();
  length_ -= piece.size();
  return Step::piece;
}

// Leaves the descriptor's memory in address_ and length_. Descriptors of length 0 hold nothing, so
// their addresses do not matter.
template <class Ring>
auto Chain<Ring>::read_descriptor() noexcept -> Step {
  if (!more_) return Step::end;
  if (left_ == 0 || budget_ == 0 || next_ >= table_size_) return Step::malformed;
  --left_;
  --budget_;
  alignas(8) std::byte copy[kDescriptorSize];
  const std::byte* from = entry(next_, copy);
  if (from == nullptr) return Step::malformed;
  const Descriptor descriptor = Ring::read_descriptor(from);
  if ((descriptor.flags & Descriptor::kIndirect) != 0) {
    return enter_indirect(descriptor) ? Step::piece : Step::malformed;
  }
  if ((descriptor.flags & Descriptor::kWrite) != static_cast<std::uint16_t>(direction_)) {
    return Step::malformed;
  }
  more_ = Ring::follow(descriptor, table_ == nullptr, table_size_, next_);
  address_ = descriptor.address;
  length_ = descriptor.length;
  return Step::piece;
}

// Clause 2.7.5.3: a table of whole descriptors, itself not indirect, that ends the chain; its size
// is bounded by that of the ring.
template <class Ring>
bool Chain<Ring>::enter_indirect(const Descriptor& descriptor) noexcept {
  const bool nested = table_ == nullptr;
  if (nested || (descriptor.flags & Descriptor::kNext) != 0) return false;
  if (descriptor.length == 0 || descriptor.length % kDescriptorSize != 0) return false;
  const std::uint32_t entries = descriptor.length / kDescriptorSize;
  if (entries > left_ + 1) return false;
  left_ = entries;
  table_ = nullptr;
  indirect_address_ = descriptor.address;
  table_size_ = entries;
  next_ = 0;
  return true;
}

// Where descriptor `index` of the current table can be read: in place, or in `copy` where an
// indirect table is not aligned or lies across the border of two regions.
template <class Ring>
const std::byte* Chain<Ring>::entry(std::uint32_t index,
                                    std::byte (&copy)[kDescriptorSize]) noexcept {
  if (table_ != nullptr) return table_ + kDescriptorSize * index;
  std::uint64_t address = indirect_address_ + kDescriptorSize * index;
  for (std::size_t have = 0; have < kDescriptorSize;) {
    const auto bytes = memory_.at(address, kDescriptorSize - have, window_);
    if (bytes.empty()) return nullptr;
    std::memcpy(copy + have, bytes.data(), bytes.size());
    have += bytes.size();
    address += bytes.size();
  }
  return copy;
}

template class Chain<SplitRing>;
template class Chain<PackedRing>;

}  // namespace hpvmnet::avio_lan
