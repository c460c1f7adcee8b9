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

}  // namespace hpvmnet
