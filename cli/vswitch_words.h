#pragma once

#include <cstdint>
#include <string>

#include "hpvmnet/v1/vswitch.pb.h"

namespace hpvmnet::cli {

// Single things about vswitches and ports in the words that all layouts use.

inline constexpr const char* kMode = "Shared";  // of a vswitch; HP knows no other, either

std::string state_text(const v1::Vswitch& vswitch);  ///< Up, Down
std::string state_text(const v1::Port& port);        ///< Active, Reserved, Down

/// Of the backing interface: 0x0a1b2c3d4e5f, or N/A where there is none.
std::string mac_text(const v1::Vswitch& vswitch);
/// Likewise: 192.168.1.12, or N/A.
std::string ip_text(const v1::Vswitch& vswitch);

std::string vlan_text(const v1::Backing& backing);        ///< a VLAN id, or all
std::string vlan_text(const v1::Port& port);              ///< a VLAN id, or none
std::string trunk_text(const v1::Port& port);             ///< 10,20-29, or none
std::string rings_text(const v1::Port& port);             ///< split, packed
std::string port_number_text(std::uint32_t port);         ///< 0 to 511, or uplink
std::uint64_t dropped(const v1::PortCounters& counters);  ///< frames, for whatever reason

}  // namespace hpvmnet::cli
