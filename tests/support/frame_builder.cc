#include "support/frame_builder.h"

#include <algorithm>

namespace hpvmnet::test {
namespace {

constexpr std::size_t kAddressLength = 6;
constexpr std::uint64_t kMark = 0x6870'766d'6e65'7431;  // tells numbered frames from others

// Big-endian.
void append_number(Bytes& to, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = bytes; i > 0; --i)
    to.push_back(static_cast<std::byte>(value >> 8 * (i - 1)));
}

std::uint64_t number_at(ByteView bytes, std::size_t offset, std::size_t count) {
  std::uint64_t value = 0;
  for (const std::byte byte : bytes.subspan(offset, count)) {
    value = value << 8 | std::to_integer<std::uint64_t>(byte);
  }
  return value;
}

void append_pattern(Bytes& to, std::size_t total, std::uint64_t seed) {
  const std::uint64_t step = seed * 2 + 7;
  for (std::size_t i = to.size(); i < total; ++i) {
    to.push_back(static_cast<std::byte>(i * step + (seed >> 3)));
  }
}

}  // namespace

FrameBuilder& FrameBuilder::tag(std::uint16_t type, std::uint16_t id, std::uint8_t priority) {
  append_number(tags_, type, 2);
  append_number(tags_, static_cast<std::uint64_t>(priority) << 13 | id, 2);
  return *this;
}

FrameBuilder& FrameBuilder::payload(ByteView bytes) {
  append(payload_, bytes);
  return *this;
}

FrameBuilder& FrameBuilder::fill_to(std::size_t total, std::uint64_t seed) {
  append_pattern(payload_, total - std::min(total, header_length()), seed);
  return *this;
}

Bytes FrameBuilder::build() const {
  Bytes frame;
  append_number(frame, destination_.value(), kAddressLength);
  append_number(frame, source_.value(), kAddressLength);
  append(frame, tags_);
  append_number(frame, type_, 2);
  append(frame, payload_);
  return frame;
}

Bytes numbered_frame(MacAddress to, MacAddress from, std::uint64_t number, std::size_t length) {
  Bytes payload;
  append_number(payload, kMark, 8);
  append_number(payload, number, 8);
  return FrameBuilder().to(to).from(from).payload(payload).fill_to(length, number).build();
}

std::optional<std::uint64_t> number_of(ByteView frame) {
  if (frame.size() < kShortestFrame || type_of(frame) != kTestEtherType ||
      number_at(frame, 14, 8) != kMark) {
    return std::nullopt;
  }
  const std::uint64_t number = number_at(frame, 22, 8);
  const Bytes whole = numbered_frame(destination_of(frame), source_of(frame), number, frame.size());
  if (!std::ranges::equal(whole, frame)) return std::nullopt;
  return number;
}

MacAddress destination_of(ByteView frame) { return MacAddress(number_at(frame, 0, 6)); }
MacAddress source_of(ByteView frame) { return MacAddress(number_at(frame, 6, 6)); }
std::uint16_t type_of(ByteView frame) {
  return static_cast<std::uint16_t>(number_at(frame, 12, 2));
}

}  // namespace hpvmnet::test
