#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "switch/mac_table.h"

namespace hpvmnet {

/// Some of the ports of a vswitch, by number. A plain value.
class PortSet {
 public:
  static PortSet all() noexcept {
    PortSet set;
    set.words_.fill(~std::uint64_t{0});
    return set;
  }

  /// `port`: below MacTable::kPorts.
  void add(std::uint16_t port) noexcept { words_[port / kBits] |= bit(port); }
  void remove(std::uint16_t port) noexcept { words_[port / kBits] &= ~bit(port); }
  bool contains(std::uint16_t port) const noexcept {
    return (words_[port / kBits] & bit(port)) != 0;
  }
  PortSet& operator|=(const PortSet& other) noexcept {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
    return *this;
  }
  bool operator==(const PortSet&) const = default;

 private:
  static constexpr std::size_t kBits = 64;
  static constexpr std::uint64_t bit(std::uint16_t port) noexcept {
    return std::uint64_t{1} << (port % kBits);
  }

  std::array<std::uint64_t, (MacTable::kPorts + kBits - 1) / kBits> words_{};
};

}  // namespace hpvmnet
