#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/client.h"
#include "cli/result.h"
#include "cli/terminal.h"
#include "cli/vswitch_text.h"

namespace hpvmnet::cli {

// Looking at vswitches.

Result<v1::Vswitch> get_vswitch(Client& client, const v1::VswitchReference& which);

/// All of them; `ports`: each with its ports, for which the daemon is asked once more.
Result<VswitchList> list_vswitches(Client& client, bool ports);

/// Has the counters of a port, or of all, begin anew for those who look; yields what they were.
Result<v1::Vswitch> clear_counters(Client& client, const v1::VswitchReference& which,
                                   std::optional<std::uint32_t> port);

/// A port, whether somebody has reserved or set it or not; none: those of the vswitch.
PortList ports_of(const v1::Vswitch& vswitch, std::optional<std::uint32_t> number);

/// The same with what they have counted since it was cleared last; all: and the port to the backing
/// interface.
PortList counting_ports(const v1::Vswitch& vswitch, std::optional<std::uint32_t> number);

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
/// The same of a vswitch as get_vswitch() or clear_counters() has it.
void show_counters(const v1::Vswitch& vswitch, std::optional<std::uint32_t> number, bool verbose,
                   Terminal& terminal);

}  // namespace hpvmnet::cli
