#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "cli/client.h"
#include "cli/result.h"

namespace hpvmnet::cli {

// Changing vswitches.

/// What a port is to have.
struct PortSetting {
  struct Vlan {
    std::optional<std::uint32_t> id;  ///< none: no VLAN
  };
  struct QueuePairs {
    std::uint32_t count;
  };
  struct Rings {
    bool packed;  ///< besides split ones
  };
  std::uint32_t port = 0;
  std::variant<Vlan, QueuePairs, Rings> value;
};

/// Reads portid:N:vlanid:V, portid:N:vlanid:none, portid:N:queues:Q, portid:N:rings:split or
/// portid:N:rings:packed. Errors give the column.
Result<PortSetting> parse_port_setting(const std::string& text);

Status create_vswitch(Client& client, const std::string& name);
Status boot_vswitch(Client& client, const v1::VswitchReference& which);
Status halt_vswitch(Client& client, const v1::VswitchReference& which);
Status delete_vswitch(Client& client, const v1::VswitchReference& which);
Status set_port(Client& client, const v1::VswitchReference& which, const PortSetting& setting);

}  // namespace hpvmnet::cli
