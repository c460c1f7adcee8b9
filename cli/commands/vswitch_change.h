#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/client.h"
#include "cli/result.h"

namespace hpvmnet::cli {

// Changing vswitches.

/// A port and the VLAN that it is to have; none: no VLAN.
struct PortVlan {
  std::uint32_t port = 0;
  std::optional<std::uint32_t> vlan;
};

/// Reads portid:N:vlanid:V or portid:N:vlanid:none. Errors give the column.
Result<PortVlan> parse_port_vlan(const std::string& text);

Status create_vswitch(Client& client, const std::string& name);
Status boot_vswitch(Client& client, const v1::VswitchReference& which);
Status halt_vswitch(Client& client, const v1::VswitchReference& which);
Status delete_vswitch(Client& client, const v1::VswitchReference& which);
Status set_port_vlan(Client& client, const v1::VswitchReference& which, const PortVlan& setting);

}  // namespace hpvmnet::cli
