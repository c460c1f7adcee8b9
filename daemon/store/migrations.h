#pragma once

#include <span>

namespace hpvmnet {

/// The SQL texts of migrations/, in order: element i brings a database from version i to i + 1.
std::span<const char* const> migrations();

}  // namespace hpvmnet
