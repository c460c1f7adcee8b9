#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "support/driver_ring.h"

namespace hpvmnet::test {

/// How a driver cuts a buffer into descriptors.
struct ChainShape {
  /// Lengths of the first descriptors. 0 makes a descriptor without bytes, at an address where
  /// there is no memory.
  std::vector<std::uint32_t> cuts = {};
  /// Length of each further descriptor; 0: one takes what is left.
  std::uint32_t then = 0;
  /// From this descriptor on, they are in an indirect table.
  std::size_t indirect_from = DriverRing::kDirect;
  /// Bytes of memory left out between two descriptors.
  std::uint32_t gap = 0;

  /// The pieces of a buffer of `length` bytes at `address`. With a gap it ends that much later.
  std::vector<ChainPiece> pieces(std::uint64_t address, std::uint32_t length,
                                 bool device_writes) const;
};

/// A shape with a name for the list of test cases.
struct NamedShape {
  std::string name;
  ChainShape shape;
};

/// The shapes that drivers in the field use and those that have broken back ends, for a header of
/// `header_length` bytes.
std::vector<NamedShape> named_shapes(std::uint32_t header_length);

/// Copies bytes to and from the memory of a chain's pieces.
void scatter(const GuestRam& ram, std::span<const ChainPiece> pieces, ByteView bytes);
void gather(const GuestRam& ram, std::span<const ChainPiece> pieces, std::size_t length,
            Bytes& append_to);

}  // namespace hpvmnet::test
