#pragma once

#include <filesystem>

#include "base/result.h"

namespace hpvmnet {

/// Refuses a module that is shorter than its own headers say: a copy that was cut off. The dynamic
/// linker maps such a file all the same, and the process dies of SIGBUS where it reads what is not
/// there. What is no 64-bit ELF file at all, or cannot be read, passes: the linker says so itself.
Status check_not_cut_off(const std::filesystem::path& path);

}  // namespace hpvmnet
