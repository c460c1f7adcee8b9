#pragma once

#include <optional>
#include <string_view>

#include "http/http_message.h"

namespace hpvmnet {

/// The file of the page at that path: those of page/, which are part of the program, and Chart.js,
/// where its package is installed.
std::optional<HttpReply> static_file(std::string_view path);

}  // namespace hpvmnet
