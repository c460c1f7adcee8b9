#include "cli/values.h"

#include <algorithm>
#include <charconv>
#include <system_error>

#include <fmt/format.h>

namespace hpvmnet::cli {
namespace {

bool is_plain(unsigned char c) { return c >= ' ' && c <= '~'; }

}  // namespace

std::optional<std::uint32_t> parse_number(std::string_view text) {
  std::uint32_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stopped != end) return std::nullopt;
  return number;
}

Result<std::string> plain_name(std::string_view what, const std::string& text) {
  if (text.empty()) return wrong_usage(fmt::format("the name of the {} is empty", what));
  if (std::ranges::all_of(text, is_plain)) return text;
  return wrong_usage(
      fmt::format("{} cannot be the name of a {}: names are letters, digits, '.', '_' and '-'",
                  shown(text), what));
}

std::string plain(std::string_view text) {
  std::string cleaned(text);
  std::ranges::replace_if(
      cleaned, [](char c) { return !is_plain(static_cast<unsigned char>(c)); }, '?');
  return cleaned;
}

std::string shown(std::string_view text) { return fmt::format("'{}'", plain(text)); }

}  // namespace hpvmnet::cli
