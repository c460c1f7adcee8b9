#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hpvmnet {

/// A 48-bit Ethernet address. A value: copy and compare freely.
class MacAddress {
 public:
  constexpr MacAddress() = default;
  /// `value` holds the address in its low 48 bits, first octet on the wire in the highest of them.
  explicit constexpr MacAddress(std::uint64_t value) : value_(value & 0xffff'ffff'ffff) {}

  /// Reads 0xaabbcc001122, aa-bb-cc-00-11-22 or aa:bb:cc:00:11:22, in either case of letters.
  static std::optional<MacAddress> parse(std::string_view text);

  constexpr std::uint64_t value() const { return value_; }
  constexpr bool is_zero() const { return value_ == 0; }
  /// Broadcast is a group address, too.
  constexpr bool is_group() const { return (value_ >> 40 & 1) != 0; }
  constexpr bool is_locally_administered() const { return (value_ >> 40 & 2) != 0; }

  std::string dashed() const;       ///< 2a-87-14-5c-f9-ed
  std::string colons() const;       ///< 2a:87:14:5c:f9:ed, as hypervisors write it
  std::string hexadecimal() const;  ///< 0x2A87145CF9ED

  constexpr auto operator<=>(const MacAddress&) const = default;

 private:
  std::uint64_t value_ = 0;
};

}  // namespace hpvmnet
