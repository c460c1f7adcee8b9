#pragma once

#include <optional>
#include <string>

#include "cli/client.h"
#include "cli/result.h"
#include "cli/terminal.h"

namespace hpvmnet::cli {

// Changing vswitches.

/// `backing`: none for a local one. `force`: see -F.
Status create_vswitch(Client& client, const std::string& name,
                      const std::optional<v1::Backing>& backing, bool force);
/// Warns where the source's backing interface is its own.
Status clone_vswitch(Client& client, const v1::VswitchReference& source, const std::string& name,
                     const std::optional<v1::Backing>& backing, bool force, Terminal& terminal);
Status change_backing(Client& client, const v1::VswitchReference& which,
                      const std::optional<v1::Backing>& backing, bool force);
Status reset_vswitch(Client& client, const v1::VswitchReference& which);
/// Warns where its backing interface is not in use all the same.
Status boot_vswitch(Client& client, const v1::VswitchReference& which, Terminal& terminal);
Status halt_vswitch(Client& client, const v1::VswitchReference& which);
Status delete_vswitch(Client& client, const v1::VswitchReference& which);

}  // namespace hpvmnet::cli
