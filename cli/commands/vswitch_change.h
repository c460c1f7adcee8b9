#pragma once

#include <string>

#include "cli/client.h"
#include "cli/result.h"

namespace hpvmnet::cli {

// Changing vswitches.

Status create_vswitch(Client& client, const std::string& name);
Status boot_vswitch(Client& client, const v1::VswitchReference& which);
Status halt_vswitch(Client& client, const v1::VswitchReference& which);
Status delete_vswitch(Client& client, const v1::VswitchReference& which);

}  // namespace hpvmnet::cli
