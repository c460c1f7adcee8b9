#pragma once

#include <cstdint>
#include <optional>

#include "cli/client.h"
#include "cli/records.h"
#include "cli/result.h"
#include "cli/terminal.h"

namespace hpvmnet::cli {

// Vswitches for programs to read, as vswitch_show.h has them for people.

/// All; `ports`: with their ports.
Status dump_vswitches(Client& client, bool ports, Form form, Terminal& terminal);

/// One with its ports.
Status dump_vswitch(Client& client, const v1::VswitchReference& which, Form form,
                    Terminal& terminal);

/// A port, or all that are reserved or have settings.
Status dump_ports(Client& client, const v1::VswitchReference& which,
                  std::optional<std::uint32_t> number, Form form, Terminal& terminal);

/// What a port has counted, or each of those, of a vswitch as get_vswitch() or clear_counters() has
/// it.
void dump_counters(const v1::Vswitch& vswitch, std::optional<std::uint32_t> number, Form form,
                   Terminal& terminal);

}  // namespace hpvmnet::cli
