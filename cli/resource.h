#pragma once

#include <string>
#include <string_view>

#include "cli/result.h"
#include "hpvmnet/v1/guest.pb.h"

namespace hpvmnet::cli {

/// What a resource string is for, which decides what it must name.
enum class ResourceUse : unsigned char {
  add,   ///< a new vNIC: needs a vswitch
  find,  ///< one that exists: may end after the hardware part
};

/// Reads a network resource string:
///
///   network:ADAPTOR:[BUS],[DEVICE],[MAC]:vswitch:NAME[:portid:N][:WORD:ENDPOINT]
///
/// The hardware part may be empty or left out whole, and may end after any of its three values.
/// The parts after NAME stand in any order. WORD says what the port connects to, in the words of
/// its adaptor: "connect" of lan, "ifname" of tap, "endpoint" of adaptors of other plugins;
/// avio_lan has none. ENDPOINT is the adaptor's to judge; "none" is its default. MAC is
/// 0xaabbcc001122 or aa-bb-cc-00-11-22. ADAPTOR may be written without its underscore
/// ("aviolan"); which adaptors exist is the daemon's to judge, and so are names.
///
/// Errors give the column and the reason: "network:lan:9,0:vswitch:v: column 13: ...".
Result<v1::VnicRequest> parse_resource(std::string_view text, ResourceUse use);

/// The string that describes a vNIC completely, MAC address in upper case:
/// "network:lan:0,0,0x2A87145CF9ED:vswitch:localnet:portid:4".
std::string to_resource(const v1::Vnic& vnic);

}  // namespace hpvmnet::cli
