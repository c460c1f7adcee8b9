#pragma once

#include <optional>
#include <string>

#include "cli/client.h"
#include "cli/result.h"

namespace hpvmnet::cli {

// What the subcommands read of vswitches.

/// As a request names it. Errors tell what cannot be a name.
Result<v1::VswitchReference> vswitch_named(const std::string& name);

/// One vswitch or all, with their ports.
Result<v1::ListVswitchesResponse> vswitches_with_ports(Client& client,
                                                       const std::optional<std::string>& name);

/// A port of a vswitch. One that nobody reserves and that has no settings is a port, too.
v1::Port port_of(const v1::Vswitch& vswitch, std::uint32_t number);

/// Reads the number of a port.
Result<std::uint32_t> read_port_number(const std::string& text);

}  // namespace hpvmnet::cli
