#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cli/result.h"

namespace hpvmnet::cli {

// Single values of a command line, and the ranges that the contract gives them.

inline constexpr std::uint32_t kLastBus = 7;
inline constexpr std::uint32_t kLastDevice = 7;
inline constexpr std::uint32_t kPortsPerVswitch = 512;
inline constexpr std::uint32_t kLastVlanId = 4094;
inline constexpr std::uint32_t kMostQueuePairs = 16;

/// Digits only, in base 10.
std::optional<std::uint32_t> parse_number(std::string_view text);

/// Judges whether a name can be sent at all; the daemon knows what names are good. `what`:
/// "vswitch", for the message.
Result<std::string> plain_name(std::string_view what, const std::string& text);

/// A text without control characters: each is a question mark.
std::string plain(std::string_view text);

/// What the user wrote, as messages show it: plain, in quotes.
std::string shown(std::string_view text);

}  // namespace hpvmnet::cli
