#pragma once

#include <optional>
#include <string>

#include "base/mac_address.h"

namespace hpvmnet {

/// How a port fares, for users to see.
struct PortCondition {
  std::string mode;               ///< how it reaches its endpoint at present; empty: not at all
  std::string remark;             ///< what is wrong, or why it is no better; a sentence, or empty
  std::optional<MacAddress> mac;  ///< of the host's end
  std::string ipv4_address;       ///< of the host's end; empty: none
  bool link = true;               ///< the host's end has a link, as far as it can tell
  bool operator==(const PortCondition&) const = default;
};

}  // namespace hpvmnet
