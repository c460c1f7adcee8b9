#pragma once

#include <filesystem>
#include <optional>

#include <sys/types.h>

#include "base/result.h"

namespace hpvmnet {

/// Who may connect to a socket in the file system: what becomes of its file.
struct SocketAccess {
  std::optional<uid_t> owner;  ///< none: as it is made
  std::optional<gid_t> group;  ///< likewise
  mode_t mode = 0660;
  bool operator==(const SocketAccess&) const = default;
};

/// Gives a socket's file its owner, group and mode.
Status grant_access(const std::filesystem::path& socket, const SocketAccess& access);

}  // namespace hpvmnet
