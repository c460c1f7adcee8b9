#pragma once

#include <string>

#include "hpvmnet/v1/vswitch.pb.h"

namespace hpvmnet::cli {

// A vswitch's mirror in words.

std::string mirror_sources_text(const v1::Mirror& mirror);    ///< "1,2,uplink", or all
std::string mirror_direction_text(const v1::Mirror& mirror);  ///< ingress, egress, both
/// "port 7 gets copies of 1,2 (both), only: tcp port 80".
std::string mirror_text(const v1::Mirror& mirror);

}  // namespace hpvmnet::cli
