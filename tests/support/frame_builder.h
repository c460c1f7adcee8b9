#pragma once

#include <cstdint>
#include <optional>

#include "base/mac_address.h"
#include "support/bytes.h"

namespace hpvmnet::test {

inline constexpr MacAddress kBroadcast{0xffff'ffff'ffff};
/// For local experiments (IEEE 802): no host takes it for something else.
inline constexpr std::uint16_t kTestEtherType = 0x88b5;
inline constexpr std::size_t kShortestFrame = 60;

/// A locally administered address, different for each number.
constexpr MacAddress test_mac(std::uint32_t number) {
  return MacAddress(0x0256'0000'0000 + number);
}

/// Builds Ethernet frames for tests, without frame check sequence.
class FrameBuilder {
 public:
  FrameBuilder& to(MacAddress destination) { return destination_ = destination, *this; }
  FrameBuilder& from(MacAddress source) { return source_ = source, *this; }
  /// Adds an 802.1Q tag; again: one more, inside the others.
  FrameBuilder& vlan(std::uint16_t id, std::uint8_t priority = 0) {
    return tag(0x8100, id, priority);
  }
  FrameBuilder& tag(std::uint16_t type, std::uint16_t id, std::uint8_t priority = 0);
  FrameBuilder& type(std::uint16_t ether_type) { return type_ = ether_type, *this; }
  FrameBuilder& payload(ByteView bytes);
  /// Fills up to `total` bytes, headers included, with a pattern that `seed` chooses.
  FrameBuilder& fill_to(std::size_t total, std::uint64_t seed = 0);

  Bytes build() const;

 private:
  std::size_t header_length() const { return 14 + tags_.size(); }

  MacAddress destination_ = kBroadcast;
  MacAddress source_ = test_mac(0);
  Bytes tags_;
  std::uint16_t type_ = kTestEtherType;
  Bytes payload_;
};

/// A frame whose whole content follows from its number and length, so that a receiver can tell
/// whether any byte was changed. At least kShortestFrame bytes.
Bytes numbered_frame(MacAddress to, MacAddress from, std::uint64_t number,
                     std::size_t length = kShortestFrame);

/// The number of an intact numbered frame; nothing where it is none, or is damaged.
std::optional<std::uint64_t> number_of(ByteView frame);

MacAddress destination_of(ByteView frame);
MacAddress source_of(ByteView frame);
std::uint16_t type_of(ByteView frame);

}  // namespace hpvmnet::test
