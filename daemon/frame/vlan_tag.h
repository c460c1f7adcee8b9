#pragma once

#include <cstddef>
#include <cstdint>

#include "frame/frame.h"

namespace hpvmnet {

// The tag that IEEE 802.1Q (clause 9) puts between the addresses and the type of a frame: a type of
// its own, then priority and VLAN.

inline constexpr std::uint32_t kAddressesLength = 12;
inline constexpr std::uint32_t kTagLength = 4;
inline constexpr std::uint16_t kCustomerTag = 0x8100;
inline constexpr std::uint16_t kServiceTag = 0x88a8;

inline constexpr bool is_tag_type(std::uint16_t type) noexcept {
  return type == kCustomerTag || type == kServiceTag;
}

/// The VLAN that the tag of a frame names; `head` is its beginning, and it has a tag.
inline std::uint16_t read_vlan(const std::byte* head) noexcept {
  return static_cast<std::uint16_t>((static_cast<unsigned>(head[14]) & 0x0f) << 8 |
                                    static_cast<unsigned>(head[15]));
}

/// Writes a whole tag; `contents`: priority and VLAN.
inline void write_tag(std::byte* at, std::uint16_t type, std::uint16_t contents) noexcept {
  at[0] = static_cast<std::byte>(type >> 8);
  at[1] = static_cast<std::byte>(type & 0xff);
  at[2] = static_cast<std::byte>(contents >> 8);
  at[3] = static_cast<std::byte>(contents & 0xff);
}

/// The places that an offload request names move with what they are in, by so many bytes.
inline void move_offload(Offload& offload, int distance) noexcept {
  const auto moved = [=](std::uint16_t place) {
    return static_cast<std::uint16_t>(place + distance);
  };
  if (offload.header_length != 0) offload.header_length = moved(offload.header_length);
  if (offload.needs_checksum()) offload.checksum_start = moved(offload.checksum_start);
}

}  // namespace hpvmnet
