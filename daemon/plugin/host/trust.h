#pragma once

#include <filesystem>

#include "base/result.h"

namespace hpvmnet {

/// Whether a file may be loaded into a daemon that runs as root: it and its directory belong to
/// root or to the owner of this program's own file, and nobody else may write to them. Others load
/// what they like.
Status check_trust(const std::filesystem::path& file);

}  // namespace hpvmnet
