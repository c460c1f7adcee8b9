#include "support/chain_shape.h"

#include <algorithm>

namespace hpvmnet::test {
namespace {

constexpr std::uint64_t kNowhere = 0xdead'0000'0000'0000;

}  // namespace

std::vector<ChainPiece> ChainShape::pieces(std::uint64_t address, std::uint32_t length,
                                           bool device_writes) const {
  std::vector<ChainPiece> result;
  const auto add = [&](std::uint32_t wanted) {
    const std::uint32_t now = std::min(wanted, length);
    result.push_back({now > 0 ? address : kNowhere, now, device_writes});
    address += now + gap;
    length -= now;
  };
  for (const std::uint32_t cut : cuts) {
    if (length == 0) break;
    add(cut);
  }
  while (length > 0) add(then > 0 ? then : length);
  return result;
}

std::vector<NamedShape> named_shapes(std::uint32_t header_length) {
  const std::uint32_t header = header_length;
  const std::vector<std::uint32_t> header_bytes(header, 1);
  return {
      {"one_descriptor", {}},
      {"header_apart", {.cuts = {header}}},
      {"header_apart_with_gap", {.cuts = {header}, .gap = 100}},
      {"header_byte_by_byte", {.cuts = header_bytes}},
      {"header_in_two", {.cuts = {5, header - 5}, .gap = 3}},
      {"header_with_some_payload", {.cuts = {header + 9}, .gap = 7}},
      {"payload_in_pages", {.cuts = {header}, .then = 64, .gap = 32}},
      {"byte_by_byte", {.then = 1}},
      {"empty_first", {.cuts = {0, header}}},
      {"empty_between", {.cuts = {header, 0, 14, 0}}},
      {"indirect", {.cuts = {header}, .indirect_from = 0}},
      {"indirect_one_entry", {.indirect_from = 0}},
      {"indirect_byte_by_byte", {.then = 1, .indirect_from = 0}},
      {"indirect_after_header", {.cuts = {header}, .then = 20, .indirect_from = 1}},
      {"indirect_after_two", {.cuts = {header, 14}, .then = 11, .indirect_from = 2, .gap = 5}},
  };
}

void scatter(const GuestRam& ram, std::span<const ChainPiece> pieces, ByteView bytes) {
  for (const ChainPiece& piece : pieces) {
    const ByteView now = bytes.first(std::min<std::size_t>(piece.length, bytes.size()));
    ram.write(piece.address, now);
    bytes = bytes.subspan(now.size());
  }
  if (!bytes.empty()) throw std::out_of_range("the chain has no room for the bytes");
}

void gather(const GuestRam& ram, std::span<const ChainPiece> pieces, std::size_t length,
            Bytes& append_to) {
  for (const ChainPiece& piece : pieces) {
    const std::size_t now = std::min<std::size_t>(piece.length, length);
    ram.read(piece.address, now, append_to);
    length -= now;
  }
  if (length > 0) throw std::out_of_range("more bytes written than the chain has room for");
}

}  // namespace hpvmnet::test
