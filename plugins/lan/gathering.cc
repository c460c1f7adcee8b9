#include "lan/gathering.h"

#include <algorithm>
#include <cstring>

#include <endian.h>

#include "frame/copy.h"

namespace hpvmnet::lan {
namespace {

void put_prefix(std::uint32_t length, std::byte* to) noexcept {
  const std::uint32_t prefix = htobe32(length);
  std::memcpy(to, &prefix, sizeof prefix);
}

}  // namespace

void encode(const Frame& frame, std::byte* to) noexcept {
  put_prefix(frame.length, to);
  copy_frame(to + kPrefixLength, frame);
}

std::size_t Gathering::add(std::span<const Frame* const> frames) noexcept {
  const std::size_t most = std::min(frames.size(), Burst::kCapacity);
  for (std::size_t i = 0; i < most; ++i) {
    const Frame& frame = *frames[i];
    if (frame.part_count >= kPieces - count_) return i;
    add_front(frame);
    for (const Part& part : frame.rest()) add_piece(part.data, part.length);
  }
  return most;
}

// Fronts are neighbours: one that follows another directly makes that piece longer.
void Gathering::add_front(const Frame& frame) noexcept {
  std::byte* front = fronts_.data() + fronts_used_;
  put_prefix(frame.length, front);
  copy_short(front + kPrefixLength, frame.head.data(), frame.head_length);
  const std::size_t length = kPrefixLength + frame.head_length;
  fronts_used_ += length;
  if (count_ > 0) {
    iovec& last = pieces_[count_ - 1];
    if (static_cast<std::byte*>(last.iov_base) + last.iov_len == front) {
      last.iov_len += length;
      return;
    }
  }
  add_piece(front, length);
}

void Gathering::add_piece(const std::byte* data, std::size_t length) noexcept {
  pieces_[count_++] = {const_cast<std::byte*>(data), length};  // the kernel only reads it
}

}  // namespace hpvmnet::lan
