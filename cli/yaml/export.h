#pragma once

#include <string>

#include "hpvmnet/v1/configuration.pb.h"

namespace hpvmnet::cli {

/// The file that import_yaml() reads back as the same configuration.
std::string export_yaml(const v1::Configuration& configuration);

}  // namespace hpvmnet::cli
