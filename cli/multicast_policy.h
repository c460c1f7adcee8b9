#pragma once

#include <optional>
#include <string_view>

#include "hpvmnet/v1/vswitch.pb.h"

namespace hpvmnet::cli {

/// What becomes of multicast, as users write it: flood, snoop or strict.
std::optional<v1::Vswitch::Multicast> parse_multicast_policy(std::string_view word);
/// "unknown" where a newer daemon knows another one.
std::string_view multicast_policy_text(v1::Vswitch::Multicast policy);

}  // namespace hpvmnet::cli
