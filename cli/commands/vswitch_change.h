#pragma once

#include <optional>
#include <string>

#include "cli/client.h"
#include "cli/result.h"

namespace hpvmnet::cli {

// Changing vswitches.

/// `backing`: none for a local one. `force`: see -F.
Status create_vswitch(Client& client, const std::string& name,
                      const std::optional<v1::Backing>& backing, bool force);
Status change_backing(Client& client, const v1::VswitchReference& which,
                      const std::optional<v1::Backing>& backing, bool force);
Status reset_vswitch(Client& client, const v1::VswitchReference& which);
Status boot_vswitch(Client& client, const v1::VswitchReference& which);
Status halt_vswitch(Client& client, const v1::VswitchReference& which);
Status delete_vswitch(Client& client, const v1::VswitchReference& which);

}  // namespace hpvmnet::cli
