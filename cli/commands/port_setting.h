#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "cli/client.h"
#include "cli/result.h"

namespace hpvmnet::cli {

/// What a port is to have.
struct PortSetting {
  struct Vlan {                       ///< of frames without a tag
    std::optional<std::uint32_t> id;  ///< none: no VLAN
  };
  struct Trunk {
    std::string vlans;  ///< of frames with a tag, not yet judged; empty: no trunk
  };
  struct QueuePairs {
    std::uint32_t count;
  };
  struct Rings {
    bool packed;  ///< besides split ones
  };
  using Value = std::variant<Vlan, Trunk, QueuePairs, Rings>;
  std::uint32_t port = 0;
  Value value;
};

/// Reads portid:N:KEYWORD:VALUE, where KEYWORD is vlanid or native (0 to 4094, none), trunk
/// (10,20-29, all, none), queues (1 to 16) or rings (split, packed). Errors give the column.
Result<PortSetting> parse_port_setting(const std::string& text);

Status set_port(Client& client, const v1::VswitchReference& which, const PortSetting& setting);

}  // namespace hpvmnet::cli
