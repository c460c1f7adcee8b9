#include "lan/frame_reader.h"

#include <cstring>

#include <endian.h>

namespace hpvmnet::lan {

// The beginning of a frame moves to the front only where the whole might not fit behind it.
std::span<std::byte> FrameReader::room() noexcept {
  if (begin_ == end_) {
    begin_ = end_ = 0;
  } else if (memory_.size() - begin_ < kLongestRecord) {
    std::memmove(memory_.data(), memory_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  return memory_.subspan(end_);
}

FrameReader::Front FrameReader::front() const noexcept {
  const std::size_t held = end_ - begin_;
  if (held < kPrefixLength) return Front::incomplete;
  const std::uint32_t length = front_length();
  if (length > Frame::kMaxLength) return Front::impossible;
  return held - kPrefixLength < length ? Front::incomplete : Front::frame;
}

std::uint32_t FrameReader::front_length() const noexcept {
  std::uint32_t length = 0;
  std::memcpy(&length, memory_.data() + begin_, sizeof length);
  return be32toh(length);
}

std::span<const std::byte> FrameReader::pop() noexcept {
  const std::span<const std::byte> frame = memory_.subspan(begin_ + kPrefixLength, front_length());
  begin_ += kPrefixLength + frame.size();
  return frame;
}

}  // namespace hpvmnet::lan
