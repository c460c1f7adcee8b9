#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hpvmnet::cli {

/// A word that a POSIX shell reads as `text`, whatever is in it.
std::string shell_quoted(std::string_view text);

/// Arguments as lines to paste into a shell, each option with its values on a line of its own, each
/// line but the last continued with a backslash. Empty where there are none.
std::string shell_lines(const std::vector<std::string>& arguments);

}  // namespace hpvmnet::cli
