#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "avio_lan/memory/guest_memory.h"
#include "avio_lan/ring/descriptor.h"

namespace hpvmnet::avio_lan {

/// The most descriptors that a burst's frames, or one frame's buffers, may have: more than a
/// 1514-byte frame of one-byte pieces, and little enough that a hostile guest which makes the
/// switch walk them all slows down nobody else.
inline constexpr std::uint32_t kChainBudget = 4096;

/// Walks one descriptor chain and yields the memory that it describes, piece by piece. Trusts
/// nothing: each descriptor is copied out once, the walk ends after as many descriptors as the ring
/// has (virtio 1.2, clause 2.7.5.3.1) or as the caller allows, each address is translated with its
/// length. Ring: SplitRing or PackedRing.
template <class Ring>
class Chain {
 public:
  enum class Step : unsigned char {
    piece,      ///< there is a piece
    end,        ///< the chain is complete
    malformed,  ///< the driver broke a rule; nothing more can be read
  };

  /// Begins at descriptor `first`, which must be below ring.size(). `budget` is what may still be
  /// walked and shrinks with each descriptor; a chain that exceeds it is malformed. `window`: see
  /// GuestMemory::at().
  Chain(const Ring& ring, std::uint32_t first, Direction direction, std::uint32_t& budget,
        GuestMemory::Window& window) noexcept
      : memory_(*ring.setup().memory),
        budget_(budget),
        window_(window),
        table_(ring.setup().descriptors),
        table_size_(ring.size()),
        left_(ring.size()),
        next_(first),
        direction_(direction) {}

  /// The next piece, if there is one. Pieces are never empty.
  Step next(std::span<std::byte>& piece) noexcept;

 private:
  Step read_descriptor() noexcept;
  bool enter_indirect(const Descriptor& descriptor) noexcept;
  const std::byte* entry(std::uint32_t index, std::byte (&copy)[kDescriptorSize]) noexcept;

  const GuestMemory& memory_;
  std::uint32_t& budget_;
  GuestMemory::Window& window_;
  const std::byte* table_;  // the ring's, or nullptr inside an indirect table
  std::uint64_t indirect_address_ = 0;
  std::uint32_t table_size_;
  std::uint32_t left_;  // descriptors that may still be read
  std::uint32_t next_;
  bool more_ = true;  // next_ is to be read
  Direction direction_;
  std::uint64_t address_ = 0;  // what is left of the descriptor read last
  std::uint64_t length_ = 0;
};

}  // namespace hpvmnet::avio_lan
