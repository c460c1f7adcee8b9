#pragma once

#include <string>

namespace hpvmnet::uplink {

/// The first IPv4 address of an interface; empty where it has none. Control thread.
std::string ipv4_address_of(const std::string& interface);

}  // namespace hpvmnet::uplink
