#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/command_line.h"
#include "cli/commands/vswitch_read.h"
#include "cli/listings.h"
#include "cli/report.h"
#include "cli/show_options.h"
#include "cli/subcommands/subcommands.h"
#include "cli/values.h"
#include "cli/vnic_spec.h"

namespace hpvmnet::cli {
namespace {

const HelpTexts& help() {
  static const HelpTexts texts{
      "Lists the addresses that vswitches have learnt: where each is, whose it is, and how long "
      "ago it was last heard.",
      "  hpvmnet mac [list] [VSWITCH] [ADDRESS] [OPTION]...\n",
      "  hpvmnet mac\n"
      "  hpvmnet mac prod --vlan 120\n"
      "  hpvmnet mac 02-aa-bb-cc-dd-ee\n"};
  return texts;
}

struct Filter {
  std::optional<std::string> vswitch;
  std::optional<std::string> address;
  std::optional<std::uint32_t> vlan;  ///< with any_vlan false: this one, or none
  bool any_vlan = true;
  std::optional<std::uint32_t> port;

  bool passes(const v1::MacAddressEntry& entry) const {
    const bool vlan_fits =
        any_vlan || (vlan ? entry.has_vlan_id() && entry.vlan_id() == *vlan : !entry.has_vlan_id());
    return vlan_fits && (!address || entry.mac_address() == *address) &&
           (!port || entry.port() == *port);
  }
};

struct Options {
  std::vector<std::string> words;
  std::optional<std::string> vlan;
  std::optional<std::string> port;
};

Status read_words(const std::vector<std::string>& words, Filter& filter) {
  for (const std::string& word : words) {
    const std::string address = dashed_address(word);
    auto& place = address.empty() ? filter.vswitch : filter.address;
    if (place) {
      return wrong_usage(fmt::format("{} and {} are two {}; give one", shown(*place), shown(word),
                                     address.empty() ? "vswitches" : "addresses"));
    }
    place = address.empty() ? word : address;
  }
  return {};
}

Result<Filter> to_filter(const Options& options) {
  Filter filter;
  if (auto status = read_words(options.words, filter); !status) {
    return tl::unexpected(status.error());
  }
  if (options.vlan) {
    filter.any_vlan = false;
    filter.vlan = parse_number(*options.vlan);
    if (*options.vlan != "none" && (!filter.vlan || *filter.vlan > kLastVlanId)) {
      return wrong_usage(fmt::format("--vlan {} is not a VLAN id; 0 to {}, or none",
                                     shown(*options.vlan), kLastVlanId));
    }
  }
  if (options.port == "uplink") {
    filter.port = kPortsPerVswitch;
  } else if (options.port) {
    const auto port = read_port_number(*options.port);
    if (!port) return tl::unexpected(port.error());
    filter.port = *port;
  }
  return filter;
}

Status collect(Client& client, const std::string& vswitch, const Filter& filter,
               std::vector<v1::MacAddressEntry>& entries) {
  const auto which = vswitch_named(vswitch);
  if (!which) return tl::unexpected(which.error());
  v1::ListMacAddressesRequest request;
  *request.mutable_vswitch() = *which;
  return client.stream(&Client::Vswitches::ListMacAddresses, request,
                       [&](const v1::MacAddressEntry& entry) {
                         if (filter.passes(entry)) entries.push_back(entry);
                         return true;
                       });
}

Result<std::vector<v1::MacAddressEntry>> entries_of(Client& client, const Filter& filter) {
  std::vector<v1::MacAddressEntry> entries;
  if (filter.vswitch) {
    if (auto status = collect(client, *filter.vswitch, filter, entries); !status) {
      return tl::unexpected(status.error());
    }
  } else {
    const auto all = client.look(&Client::Vswitches::ListVswitches, {});
    if (!all) return tl::unexpected(all.error());
    for (const v1::Vswitch& vswitch : all->vswitches()) {
      if (auto status = collect(client, vswitch.name(), filter, entries); !status) {
        return tl::unexpected(status.error());
      }
    }
  }
  std::ranges::sort(entries, {}, [](const v1::MacAddressEntry& entry) {
    return std::tuple(entry.vswitch(), entry.port(), entry.mac_address(), entry.vlan_id());
  });
  return entries;
}

std::string json_of(const std::vector<v1::MacAddressEntry>& entries) {
  Style line_by_line{.json = true, .watching = true};
  std::string text;
  for (const v1::MacAddressEntry& entry : entries) text += line_by_line.json_of(entry);
  return text;
}

}  // namespace

int mac_list(const Invocation& invocation, Terminal& terminal) {
  Options options;
  ShowOptions show;
  CommandLine line(invocation, terminal, help());
  line.arguments("VSWITCH", options.words,
                 "The vswitch, without it: all; and an address, in any of its forms");
  line.value("--vlan", options.vlan, "ID|none", "Only those of this VLAN");
  line.value("--port", options.port, "PORT|uplink", "Only those on this port");
  show.add_to(line);
  if (const auto ended = line.parse()) return *ended;
  const auto filter = to_filter(options);
  if (!filter) return report(terminal, filter.error());
  return show.show(line, terminal, [&](Client& client, const Style& style) {
    return entries_of(client, *filter).map([&](const auto& entries) {
      return style.json ? json_of(entries) : addresses_listing(entries, style.layout);
    });
  });
}

}  // namespace hpvmnet::cli
