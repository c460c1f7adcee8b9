#pragma once

#include <filesystem>
#include <string>

namespace hpvmnet::test {

/// Runs `hpvmnet-pki --dir DIRECTORY ARGUMENTS`, as an administrator does, with its words thrown
/// away. Returns whether it succeeded.
bool run_pki(const std::filesystem::path& directory, const std::string& arguments);

}  // namespace hpvmnet::test
