#pragma once

#include <filesystem>

#include <sys/un.h>

namespace hpvmnet::test {

/// Throws std::invalid_argument where the path is too long for a socket.
sockaddr_un unix_address(const std::filesystem::path& path);

}  // namespace hpvmnet::test
