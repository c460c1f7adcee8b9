#pragma once

#include <string>

#include "hpvmnet/v1/daemon.pb.h"

namespace hpvmnet::cli {

/// A row for each plugin, then a line for each that was refused, with the reason.
std::string plugins_text(const v1::ListPluginsResponse& plugins);

}  // namespace hpvmnet::cli
