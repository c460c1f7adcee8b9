#pragma once

#include <optional>
#include <string>

#include "cli/client.h"
#include "cli/result.h"

namespace hpvmnet::cli {

/// Reads INTERFACE[:vlanid:V][:mode:M], or "none". Errors give the column.
Result<std::optional<v1::Backing>> parse_backing(const std::string& text);

/// Refuses the interface that carries the connection by which the user is here, which sshd tells in
/// $SSH_CONNECTION: a mistake would lock him out.
Status check_not_own_connection(const std::string& interface);

}  // namespace hpvmnet::cli
