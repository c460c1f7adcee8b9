#pragma once

#include <string>
#include <string_view>

#include "cli/resource.h"
#include "cli/result.h"
#include "hpvmnet/v1/guest.pb.h"

namespace hpvmnet::cli {

/// Reads a vNIC as the subcommands take it:
///
///   vswitch=NAME[,adaptor=A][,port=N][,bus=B][,device=D][,mac=ADDRESS][,endpoint=TEXT]
///
/// in any order, or a resource string (network:...). A new vNIC without an adaptor is avio_lan.
/// Errors give the column.
Result<v1::VnicRequest> parse_vnic(const std::string& text, ResourceUse use);

/// The address as the contract has it: of aa-bb-cc-00-11-22, aa:bb:cc:00:11:22 or 0xaabbcc001122.
/// Empty where it is none.
std::string dashed_address(std::string_view text);

}  // namespace hpvmnet::cli
