#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cli/client.h"
#include "cli/result.h"

namespace hpvmnet::cli {

/// A setting of a vswitch: what becomes of multicast, or all its filters.
using VswitchSetting = std::variant<v1::Vswitch::Multicast, std::vector<v1::Filter>>;

/// Whether a setting (-u) is one of the vswitch, not of one of its ports.
bool is_vswitch_setting(std::string_view text);

/// Reads multicast:POLICY or filters:LIST. Errors give the column.
Result<VswitchSetting> parse_vswitch_setting(const std::string& text);

Status set_vswitch(Client& client, const v1::VswitchReference& which,
                   const VswitchSetting& setting);

}  // namespace hpvmnet::cli
