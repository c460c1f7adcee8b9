#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace hpvmnet {

/// A line in which control characters have become spaces, so that nothing a peer says can look like
/// another line, or speak to a terminal.
inline std::string printable(std::string_view line) {
  std::string text(line);
  std::ranges::replace_if(
      text,
      [](char character) {
        const auto code = static_cast<unsigned char>(character);
        return code < 0x20 || code == 0x7f;
      },
      ' ');
  return text;
}

}  // namespace hpvmnet
