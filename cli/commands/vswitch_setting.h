#pragma once

#include <string>
#include <string_view>

#include "cli/client.h"
#include "cli/result.h"

namespace hpvmnet::cli {

/// Whether a setting (-u) is one of the vswitch, not of one of its ports.
bool is_vswitch_setting(std::string_view text);

/// Reads multicast:POLICY: flood, snoop or strict. Errors give the column.
Result<v1::Vswitch::Multicast> parse_vswitch_setting(const std::string& text);

Status set_multicast(Client& client, const v1::VswitchReference& which,
                     v1::Vswitch::Multicast policy);

}  // namespace hpvmnet::cli
