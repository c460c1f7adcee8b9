#pragma once

#include <cstdint>

#include "frame/frame.h"

namespace hpvmnet {

/// A number that the frames of one flow have in common, in both directions: from their IP addresses
/// and their TCP or UDP ports, or from their Ethernet addresses where they carry no IP. Fragments
/// are hashed without ports, which only the first one of a datagram has. Reads the private head
/// alone; what lies behind it counts as absent.
std::uint32_t flow_hash(const Frame& frame) noexcept;

}  // namespace hpvmnet
