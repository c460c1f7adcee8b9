#pragma once

#include <cstdint>

namespace hpvmnet {

/// Frames of different domains never meet: a VLAN id, or kNoVlan for ports without one.
using Domain = std::uint16_t;
inline constexpr Domain kNoVlan = 0xfff;
/// No domain at all: frames of a VLAN that their port does not carry.
inline constexpr Domain kNoDomain = 0x1000;

}  // namespace hpvmnet
