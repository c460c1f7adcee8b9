#pragma once

#include <string>

#include "cli/result.h"
#include "hpvmnet/v1/configuration.pb.h"

namespace hpvmnet::cli {

/// Reads a file that describes vswitches and guests, as hpvmnet.yaml(5) explains it. `name`: of the
/// file; errors give it with line and column. `all`: what the file does not name will not exist, so
/// guests can only be on its vswitches.
Result<v1::Configuration> import_yaml(const std::string& text, const std::string& name, bool all);

}  // namespace hpvmnet::cli
