#include "control/rules.h"

#include <algorithm>

#include <fmt/format.h>

namespace hpvmnet {
namespace {

constexpr std::uint64_t kGroupBit = std::uint64_t{1} << 40;
constexpr std::uint64_t kLocalBit = std::uint64_t{2} << 40;

/// Not isalnum(), which depends on the locale.
bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-';
}

bool is_printable(char c) { return c >= ' ' && c <= '~'; }

// So that it can be written between parentheses.
bool is_filter_argument(std::string_view text) {
  int open = 0;
  for (const char c : text) {
    if (!is_printable(c)) return false;
    if (c == '(') ++open;
    if (c == ')' && --open < 0) return false;
  }
  return open == 0 && text.size() <= kLongestFilterArguments;
}

}  // namespace

std::string quoted(std::string_view name) {
  constexpr std::size_t kLongestShown = 80;
  std::string text(name.substr(0, kLongestShown));
  std::ranges::replace_if(
      text, [](char c) { return !is_printable(c); }, '?');
  return fmt::format("'{}{}'", text, name.size() > kLongestShown ? "..." : "");
}

Status check_name(std::string_view kind, std::string_view name, std::size_t longest) {
  const bool good = !name.empty() && name.size() <= longest && name[0] != '-' && name[0] != '.' &&
                    std::ranges::all_of(name, is_name_character);
  if (good) return {};
  return fail(ErrorCode::invalid_argument,
              fmt::format("{} cannot be the name of a {}: a name has 1 to {} letters (a-z, A-Z), "
                          "digits, '.', '_' or '-', and starts with a letter, a digit or '_'",
                          quoted(name), kind, longest));
}

Status check_interface_name(std::string_view name) {
  constexpr std::size_t kLongest = 15;  // IFNAMSIZ, without the zero
  const bool good = !name.empty() && name.size() <= kLongest && name != "." && name != ".." &&
                    std::ranges::all_of(name, [](unsigned char c) {
                      return c > ' ' && c <= '~' && c != '/' && c != ':' && c != '%';
                    });
  if (good) return {};
  return fail(
      ErrorCode::invalid_argument,
      fmt::format("{} cannot be the name of an interface; 'ip link' lists them", quoted(name)));
}

Status check_port_number(std::uint32_t port) {
  if (port < kPortsPerVswitch) return {};
  return fail(ErrorCode::invalid_argument,
              fmt::format("there is no port {}: port ids are 0 to {}", port, kPortsPerVswitch - 1));
}

Status check_vlan_id(std::uint32_t vlan) {
  if (vlan <= kLastVlanId) return {};
  return fail(ErrorCode::invalid_argument,
              fmt::format("{} is not a VLAN id: VLAN ids are 0 to {}, and 'none' clears the "
                          "VLAN of a port",
                          vlan, kLastVlanId));
}

Status check_position(std::optional<std::uint32_t> bus, std::optional<std::uint32_t> device) {
  if (bus.value_or(0) > kLastBus) {
    return fail(ErrorCode::invalid_argument,
                fmt::format("there is no bus {}: buses are 0 to {}", *bus, kLastBus));
  }
  if (device.value_or(0) > kLastDevice) {
    return fail(ErrorCode::invalid_argument,
                fmt::format("there is no device {}: devices are 0 to {}", *device, kLastDevice));
  }
  return {};
}

Status check_given_mac(const MacAddress& mac) {
  const auto refuse = [&](std::string_view why, const std::string& way_out) {
    return fail(ErrorCode::invalid_argument,
                fmt::format("MAC address {} {}: {}", mac.dashed(), why, way_out));
  };
  const std::string alternative = MacAddress((mac.value() & ~kGroupBit) | kLocalBit).dashed();
  const std::string choose = "leave it out to have one chosen";
  if (mac.is_zero()) return refuse("belongs to no vNIC", choose);
  if (mac.is_group()) {
    return refuse("is a multicast or broadcast address and cannot belong to a vNIC",
                  fmt::format("bit 0 of its first octet must be clear; {} would do, or {}",
                              alternative, choose));
  }
  if (!mac.is_locally_administered()) {
    return refuse("is not locally administered and could belong to a real network card",
                  fmt::format("bit 1 of its first octet must be set; {} would do, or {}",
                              alternative, choose));
  }
  return {};
}

Status check_endpoint(std::string_view endpoint) {
  const bool good =
      endpoint.size() <= kLongestEndpoint &&
      std::ranges::all_of(endpoint, [](char c) { return is_printable(c) && c != ':'; });
  if (good) return {};
  return fail(
      ErrorCode::invalid_argument,
      fmt::format("a port cannot connect to {}: what it connects to is written with at most "
                  "{} ASCII characters, without control characters and ':'; choose another "
                  "name",
                  quoted(endpoint), kLongestEndpoint));
}

Status check_filters(const std::vector<FilterSettings>& filters) {
  if (filters.size() > kMostFilters) {
    return fail(ErrorCode::invalid_argument,
                fmt::format("a vswitch can have {} filters, not {}", kMostFilters, filters.size()));
  }
  for (auto filter = filters.begin(); filter != filters.end(); ++filter) {
    if (auto status = check_name("filter", filter->name, kLongestFilterName); !status) {
      return status;
    }
    if (std::find(filters.begin(), filter, *filter) != filter) {
      return fail(ErrorCode::invalid_argument,
                  fmt::format("filter {} is given twice with the same arguments; once is enough",
                              quoted(filter->name)));
    }
    if (!is_filter_argument(filter->arguments)) {
      return fail(
          ErrorCode::invalid_argument,
          fmt::format("filter {} cannot be given {}: arguments are at most {} printable "
                      "ASCII characters, each '(' with its ')'",
                      quoted(filter->name), quoted(filter->arguments), kLongestFilterArguments));
    }
  }
  return {};
}

Status check_mirror(const MirrorSettings& mirror) {
  if (Status status = check_port_number(mirror.port); !status) return status;
  for (const PortNumber source : mirror.sources) {
    if (source != kUplinkPort) {
      if (Status status = check_port_number(source); !status) return status;
    }
  }
  if (mirror.sources.contains(mirror.port)) {
    return fail(
        ErrorCode::invalid_argument,
        fmt::format("port {} cannot get copies of its own frames; name another port for them",
                    mirror.port));
  }
  if (!mirror.ingress && !mirror.egress) {
    return fail(ErrorCode::invalid_argument,
                "the mirror would copy nothing; ask for ingress, egress or both");
  }
  const std::string& text = mirror.filter.text;
  if (text.size() > kLongestFilterText || !std::ranges::all_of(text, is_printable)) {
    return fail(ErrorCode::invalid_argument,
                fmt::format("{} is no filter: at most {} printable ASCII characters", quoted(text),
                            kLongestFilterText));
  }
  return {};
}

MacAddress local_mac(std::uint64_t random) { return MacAddress((random & ~kGroupBit) | kLocalBit); }

}  // namespace hpvmnet
