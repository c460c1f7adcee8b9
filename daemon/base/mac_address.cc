#include "base/mac_address.h"

#include <charconv>

#include <fmt/format.h>

namespace hpvmnet {
namespace {

std::optional<std::uint64_t> parse_hexadecimal(std::string_view digits) {
  std::uint64_t value = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value, 16);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

std::string separated(std::uint64_t value, char by) {
  std::string text;
  for (int shift = 40; shift >= 0; shift -= 8) {
    if (!text.empty()) text += by;
    text += fmt::format("{:02x}", value >> shift & 0xff);
  }
  return text;
}

}  // namespace

std::optional<MacAddress> MacAddress::parse(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0X")) {
    const std::string_view digits = text.substr(2);
    if (digits.size() != 12) return std::nullopt;
    const auto value = parse_hexadecimal(digits);
    return value ? std::optional(MacAddress(*value)) : std::nullopt;
  }
  constexpr std::size_t kOctets = 6;
  if (text.size() != kOctets * 3 - 1 || (text[2] != '-' && text[2] != ':')) return std::nullopt;
  std::uint64_t value = 0;
  for (std::size_t octet = 0; octet < kOctets; ++octet) {
    const auto byte = parse_hexadecimal(text.substr(octet * 3, 2));
    if (!byte || (octet > 0 && text[octet * 3 - 1] != text[2])) return std::nullopt;
    value = value << 8 | *byte;
  }
  return MacAddress(value);
}

std::string MacAddress::dashed() const { return separated(value_, '-'); }
std::string MacAddress::colons() const { return separated(value_, ':'); }
std::string MacAddress::hexadecimal() const { return fmt::format("0x{:012X}", value_); }

}  // namespace hpvmnet
