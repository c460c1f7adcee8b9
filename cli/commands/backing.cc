#include "cli/commands/backing.h"

#include <array>
#include <cstdlib>
#include <memory>
#include <sstream>
#include <string_view>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <ifaddrs.h>
#include <netinet/in.h>

#include "cli/fields.h"
#include "cli/values.h"

namespace hpvmnet::cli {
namespace {

constexpr std::string_view kNone = "none";

Status read_option(const Field& keyword, const Field& value, const std::string& whole,
                   v1::Backing& backing) {
  if (keyword.text == "mode") {  // which there are is the plugin's
    if (value.text.empty())
      return wrong_at(whole, value.column, "expected a mode, as in mode:auto");
    backing.set_mode(std::string(value.text));
    return {};
  }
  if (keyword.text != "vlanid") {
    return wrong_at(whole, keyword.column,
                    fmt::format("expected 'vlanid' or 'mode', not {}", shown(keyword.text)));
  }
  const auto vlan = parse_number(value.text);
  if (!vlan || *vlan < 1 || *vlan > kLastVlanId) {
    return wrong_at(whole, value.column,
                    fmt::format("{} is not a VLAN id of a network; 1 to 4094", shown(value.text)));
  }
  backing.set_vlan_id(*vlan);
  return {};
}

std::string text_of(const sockaddr& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* bits = nullptr;
  if (address.sa_family == AF_INET) {
    bits = &reinterpret_cast<const sockaddr_in&>(address).sin_addr;
  } else if (address.sa_family == AF_INET6) {
    bits = &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
  }
  if (bits == nullptr) return {};
  ::inet_ntop(address.sa_family, bits, text.data(), text.size());
  return text.data();
}

// The interface that has the address; empty where none has.
std::string interface_with(const std::string& address) {
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(list, &::freeifaddrs);
  for (const ifaddrs* each = list; each != nullptr; each = each->ifa_next) {
    if (each->ifa_addr != nullptr && text_of(*each->ifa_addr) == address) return each->ifa_name;
  }
  return {};
}

}  // namespace

Result<std::optional<v1::Backing>> parse_backing(const std::string& text) {
  if (text == kNone) return std::nullopt;
  Fields fields({text, 1}, ':');
  const Field interface = fields.take();
  if (interface.text.empty()) {
    return wrong_at(text, interface.column, "expected the name of an interface, or none");
  }
  v1::Backing backing;
  backing.set_interface(std::string(interface.text));
  while (fields.more()) {
    const Field keyword = fields.take();
    const Field value = fields.take();
    if (auto status = read_option(keyword, value, text, backing); !status) {
      return tl::unexpected(status.error());
    }
  }
  return backing;
}

Status check_not_own_connection(const std::string& interface) {
  const char* connection = std::getenv("SSH_CONNECTION");
  if (connection == nullptr) return {};
  std::string client;
  std::string client_port;
  std::string server;
  std::istringstream(connection) >> client >> client_port >> server;
  if (server.empty() || interface_with(server) != interface) return {};
  return failed(
      fmt::format("interface {} carries your own connection (from {}): a mistake would "
                  "lock you out; choose another, or use it all the same with -F or "
                  "--force",
                  shown(interface), client));
}

}  // namespace hpvmnet::cli
