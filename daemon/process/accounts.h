#pragma once

#include <optional>
#include <string>

#include <sys/types.h>

namespace hpvmnet {

// Users and groups of this machine, by name or by number. None: there is no such one.

std::optional<uid_t> find_user(const std::string& text);
std::optional<gid_t> find_group(const std::string& text);

}  // namespace hpvmnet
