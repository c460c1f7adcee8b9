#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/domain.h"
#include "base/mac_address.h"

namespace hpvmnet {

/// The address of a vswitch as a station: it sends probes and queries from it. They never leave the
/// host, or mean nothing there, so that all vswitches share it.
inline constexpr MacAddress kOwnAddress{0x02'48'50'56'4d'01};

/// A frame that the vswitch itself sends, as its own port takes it: with the tag of its VLAN.
class OwnFrame {
 public:
  OwnFrame(MacAddress to, Domain domain, std::uint16_t type);

  /// Adds a number of that many bytes, or bytes as they are.
  OwnFrame& add(std::uint64_t value, std::size_t bytes);
  OwnFrame& add(std::span<const std::byte> bytes);
  /// What has been added so far: from the network header on. May be changed.
  std::span<std::byte> content() { return std::span(bytes_).subspan(header_); }

  /// Filled up to the length of the shortest frame.
  std::vector<std::byte> finish() &&;

 private:
  std::vector<std::byte> bytes_;
  std::size_t header_ = 0;
};

}  // namespace hpvmnet
