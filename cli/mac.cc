#include "cli/mac.h"

#include <charconv>
#include <system_error>

#include <fmt/format.h>

namespace hpvmnet::cli {
namespace {

constexpr std::size_t kDigits = 12;

// The twelve digits of a dashed address; empty where it is none.
std::string without_dashes(std::string_view text) {
  constexpr std::size_t kLength = 17;
  if (text.size() != kLength) return {};
  std::string digits;
  for (std::size_t i = 0; i < kLength; ++i) {
    const bool dash_expected = i % 3 == 2;
    if ((text[i] == '-') != dash_expected) return {};
    if (!dash_expected) digits += text[i];
  }
  return digits;
}

}  // namespace

std::optional<Mac> Mac::parse(std::string_view text) {
  const bool prefixed = text.starts_with("0x") || text.starts_with("0X");
  const std::string digits = prefixed ? std::string(text.substr(2)) : without_dashes(text);
  if (digits.size() != kDigits) return std::nullopt;
  std::uint64_t bits = 0;
  const char* const end = digits.data() + kDigits;
  const auto [stopped, error] = std::from_chars(digits.data(), end, bits, 16);
  if (error != std::errc{} || stopped != end) return std::nullopt;
  return Mac(bits);
}

std::string Mac::dashed() const {
  const auto byte = [this](int number) { return (bits_ >> (8 * (5 - number))) & 0xff; };
  return fmt::format("{:02x}-{:02x}-{:02x}-{:02x}-{:02x}-{:02x}", byte(0), byte(1), byte(2),
                     byte(3), byte(4), byte(5));
}

std::string Mac::hexadecimal() const { return fmt::format("0x{:012X}", bits_); }

}  // namespace hpvmnet::cli
