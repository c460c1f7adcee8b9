#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>

#include "frame/frame.h"

namespace hpvmnet {

/// Numbers in network order, wherever they stand.
inline std::uint16_t load16(const std::byte* at) noexcept {
  std::uint16_t value = 0;
  std::memcpy(&value, at, sizeof value);
  return __builtin_bswap16(value);
}
inline std::uint32_t load32(const std::byte* at) noexcept {
  std::uint32_t value = 0;
  std::memcpy(&value, at, sizeof value);
  return __builtin_bswap32(value);
}
inline void store16(std::byte* at, std::uint16_t value) noexcept {
  value = __builtin_bswap16(value);
  std::memcpy(at, &value, sizeof value);
}
inline void store32(std::byte* at, std::uint32_t value) noexcept {
  value = __builtin_bswap32(value);
  std::memcpy(at, &value, sizeof value);
}

inline constexpr std::uint8_t kProtocolTcp = 6;
inline constexpr std::uint8_t kProtocolUdp = 17;

/// Where the headers of a TCP segment or UDP datagram are, in bytes from the frame's beginning.
struct Layers {
  std::uint32_t network;    ///< IP, behind up to two VLAN tags
  std::uint32_t transport;  ///< TCP or UDP, behind options or extension headers
  std::uint32_t payload;
  bool ipv6;
  std::uint8_t protocol;  ///< kProtocolTcp or kProtocolUdp
};

/// Finds them in the private head of a frame. Nothing where the frame is something else, a
/// fragment, or its headers do not end within the head.
std::optional<Layers> find_layers(const Frame& frame) noexcept;

}  // namespace hpvmnet
