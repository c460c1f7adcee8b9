#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace hpvmnet {

/// The Internet checksum (RFC 1071) of bytes that are added run by run. Words are in network order
/// throughout: what fold() returns is stored as it is.
class Checksum {
 public:
  void add(std::span<const std::byte> bytes) noexcept {
    std::uint64_t sum = 0;
    const std::byte* at = bytes.data();
    std::size_t left = bytes.size();
    for (; left >= 4; at += 4, left -= 4) {
      std::uint32_t word = 0;
      std::memcpy(&word, at, sizeof word);
      sum += word;
    }
    if (left > 0) {
      std::uint32_t word = 0;
      for (std::size_t i = 0; i < left; ++i) {
        word |= static_cast<std::uint32_t>(at[i]) << (8 * i);
      }
      sum += word;
    }
    // A run that begins at an odd place has its bytes in the other halves of the words.
    const std::uint16_t folded = fold(sum);
    sum_ += odd_ ? __builtin_bswap16(folded) : folded;
    odd_ ^= (bytes.size() & 1) != 0;
  }

  /// Adds a number that stands in network order at an even place.
  void add_word(std::uint16_t word) noexcept { sum_ += word; }
  /// Takes such a number away again.
  void remove_word(std::uint16_t word) noexcept { sum_ += static_cast<std::uint16_t>(~word); }

  /// The sum so far, not yet complemented.
  std::uint16_t fold() const noexcept { return fold(sum_); }

 private:
  static std::uint16_t fold(std::uint64_t sum) noexcept {
    while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<std::uint16_t>(sum);
  }

  std::uint64_t sum_ = 0;
  bool odd_ = false;
};

}  // namespace hpvmnet
