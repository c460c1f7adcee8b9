#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/mac_address.h"
#include "base/result.h"
#include "control/model.h"

namespace hpvmnet {

// The rules that single values of a request obey, whatever the model holds. Any thread.

inline constexpr std::size_t kLongestVswitchName = 32;
inline constexpr std::size_t kLongestGuestName = 64;
inline constexpr std::size_t kLongestEndpoint = 255;
inline constexpr std::size_t kLongestFilterName = 32;
inline constexpr std::size_t kLongestFilterArguments = 1024;
inline constexpr std::size_t kMostFilters = 16;
inline constexpr std::size_t kLongestFilterText = 1024;
inline constexpr std::uint32_t kLastBus = 7;
inline constexpr std::uint32_t kLastDevice = 7;

/// Names become parts of paths and of command lines. `kind`: "vswitch", for one, for the message.
Status check_name(std::string_view kind, std::string_view name, std::size_t longest);

/// Whether Linux could have an interface of that name.
Status check_interface_name(std::string_view name);
Status check_port_number(std::uint32_t port);
Status check_vlan_id(std::uint32_t vlan);

/// Where a vNIC sits in its guest; what is left out is not judged.
Status check_position(std::optional<std::uint32_t> bus, std::optional<std::uint32_t> device);

/// Addresses that administrators give: unicast and locally administered, so that they cannot meet
/// the address of a real network card.
Status check_given_mac(const MacAddress& mac);

/// What a port connects to is its adaptor's to judge; here, whether it can be part of a resource
/// string and of a message.
Status check_endpoint(std::string_view endpoint);

/// The filters of a vswitch; what their arguments mean is theirs to judge.
Status check_filters(const std::vector<FilterSettings>& filters);

/// A mirror; whether its filter can be run is not judged.
Status check_mirror(const MirrorSettings& mirror);

/// The address that is made of a random number: unicast, locally administered.
MacAddress local_mac(std::uint64_t random);

/// A name as messages show it. What a terminal could take for a command is replaced.
std::string quoted(std::string_view name);

}  // namespace hpvmnet
