#pragma once

#include <span>
#include <string>
#include <string_view>

namespace hpvmnet::cli {

/// "; did you mean 'vswitch'?" if one of these words is close to what was written, else nothing.
std::string suggestion(std::string_view written, std::span<const std::string> known);

}  // namespace hpvmnet::cli
