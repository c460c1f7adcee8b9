#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/client.h"
#include "cli/result.h"
#include "cli/terminal.h"

namespace hpvmnet::cli {

// Looking at vswitches.

Result<v1::Vswitch> get_vswitch(Client& client, const v1::VswitchReference& which);

/// A row for each, or `verbose`ly with all their ports.
Status show_vswitches(Client& client, bool verbose, Terminal& terminal);

/// One with its ports.
Status show_vswitch(Client& client, const v1::VswitchReference& which, bool verbose,
                    Terminal& terminal);

/// A port, or all that are reserved or have settings.
Status show_ports(Client& client, const v1::VswitchReference& which,
                  std::optional<std::uint32_t> number, Terminal& terminal);

/// What a port has counted, or each of those.
Status show_counters(Client& client, const v1::VswitchReference& which,
                     std::optional<std::uint32_t> number, bool verbose, Terminal& terminal);

}  // namespace hpvmnet::cli
