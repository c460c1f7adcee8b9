#pragma once

#include <string>

#include "base/mac_address.h"

namespace hpvmnet {

/// The interface of this host's network namespace that has the address; empty where none has.
std::string interface_with(const MacAddress& mac);

}  // namespace hpvmnet
