#pragma once

#include <functional>
#include <string_view>

#include "control/open_ports.h"
#include "plugin/adaptor.h"

namespace hpvmnet {

/// What planning needs to know of adaptors. `find_adaptor` outlives what is returned.
TraitsOf traits_of(const std::function<Adaptor*(std::string_view name)>& find_adaptor);

}  // namespace hpvmnet
