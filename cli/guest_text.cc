#include "cli/guest_text.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/resource.h"
#include "cli/table.h"
#include "cli/vswitch_words.h"

namespace hpvmnet::cli {
namespace {

using Align = Table::Align;

constexpr const char* kUnknown = "N/A";
constexpr const char* kNoGuests = "No vPars or VMs currently configured\n";
constexpr const char* kInterface = "vswitch";
constexpr const char* kFunction = "0";   // of a vNIC's PCI address; always
constexpr const char* kNoStorage = "0";  // hpvmnet gives guests networks only

std::string state_text(const v1::Guest& guest) {
  return guest.state() == v1::Guest::STATE_ON ? "On (OS)" : "Off";
}

// HP's layout has no such column: it is there only where a vNIC has something to show in it.
std::string interfaces_text(const v1::Guest& guest) {
  const bool endpoints = std::ranges::any_of(
      guest.vnics(), [](const v1::Vnic& vnic) { return !vnic.endpoint().empty(); });
  std::vector<Table::Column> columns{{"Interface", 9},         {"Adaptor", 10},
                                     {"Name/Num", 10},         {"PortNum", 7},
                                     {"Bus", 3, Align::right}, {"Dev", 3, Align::right},
                                     {"Ftn", 3, Align::right}, {"Mac Address", 17}};
  if (endpoints) columns.push_back({"Endpoint", 8});
  Table table(std::move(columns));
  for (const v1::Vnic& vnic : guest.vnics()) {
    std::vector<std::string> cells{kInterface,
                                   vnic.adaptor(),
                                   vnic.vswitch(),
                                   std::to_string(vnic.port()),
                                   std::to_string(vnic.bus()),
                                   std::to_string(vnic.device()),
                                   kFunction,
                                   vnic.mac_address()};
    if (endpoints) cells.push_back(vnic.endpoint());
    table.add(std::move(cells));
  }
  return "[Network Interface Details]\n" + table.text();
}

// An empty one where the vswitch has gone meanwhile.
v1::Port port_at(const VswitchList& vswitches, const v1::Vnic& vnic) {
  const auto on = std::ranges::find(vswitches, vnic.vswitch(), &v1::Vswitch::name);
  if (on == vswitches.end()) return {};
  const auto port = std::ranges::find(on->ports(), vnic.port(), &v1::Port::number);
  return port == on->ports().end() ? v1::Port() : *port;
}

std::string verbose_interface_text(const v1::Vnic& vnic) {
  Labelled lines{{"Physical Storage type", kInterface},
                 {"Guest Adaptor type", vnic.adaptor()},
                 {"Backing", vnic.vswitch()},
                 {"Vswitch Port", std::to_string(vnic.port())},
                 {"Bus", std::to_string(vnic.bus())},
                 {"Device", std::to_string(vnic.device())},
                 {"Function", kFunction},
                 {"Mac Address", vnic.mac_address()}};
  if (!vnic.endpoint().empty()) lines.emplace_back("Endpoint", vnic.endpoint());
  return plain_text(lines);
}

}  // namespace

std::string summary_text(const GuestList& guests) {
  if (guests.empty()) return kNoGuests;
  Table table({{"Virtual Machine Name", 20},
               {"VM #", 5, Align::right},
               {"OS Type", 7},
               {"State", 9},
               {"#VCPUs", 6, Align::right},
               {"#Devs", 5, Align::right},
               {"#Nets", 5, Align::right},
               {"Memory", 7, Align::right},
               {"Runsysid", 8, Align::right}});
  for (const v1::Guest& guest : guests) {
    table.add({guest.name(), std::to_string(guest.number()), kUnknown, state_text(guest), kUnknown,
               kNoStorage, std::to_string(guest.vnics_size()), kUnknown, kUnknown});
  }
  return "[Virtual Machines]\n" + table.text();
}

std::string details_text(const v1::Guest& guest) {
  Table table(
      {{"Virtual Machine Name", 20}, {"VM #", 5, Align::right}, {"OS Type", 7}, {"State", 9}});
  table.add({guest.name(), std::to_string(guest.number()), kUnknown, state_text(guest)});
  return "[Virtual Machine Details]\n" + table.text() + '\n' + interfaces_text(guest);
}

std::string verbose_text(const v1::Guest& guest) {
  std::string text = "[Virtual Machine Details]\n" +
                     plain_text({{"Virtual Machine Name", guest.name()},
                                 {"Virtual Machine ID", std::to_string(guest.number())},
                                 {"State", state_text(guest)}});
  text += "\n[Network Interface Details]\n";
  for (int i = 0; i < guest.vnics_size(); ++i) {
    if (i > 0) text += '\n';
    text += verbose_interface_text(guest.vnics(i));
  }
  return text;
}

std::string devices_text(const v1::Guest& guest) {
  std::string text = "[Virtual Machine Devices]\n\n[Network Interface Details]\n";
  for (const v1::Vnic& vnic : guest.vnics()) text += to_resource(vnic) + '\n';
  return text;
}

std::string difference_text(const v1::Guest& before, const v1::Guest& after) {
  const auto resources = [](const v1::Guest& guest) {
    std::vector<std::string> texts;
    std::ranges::transform(guest.vnics(), std::back_inserter(texts), to_resource);
    return texts;
  };
  std::string text;
  const auto add = [&](char sign, const std::vector<std::string>& from,
                       const std::vector<std::string>& without) {
    for (const std::string& resource : from) {
      if (std::ranges::find(without, resource) != without.end()) continue;
      text += fmt::format("{} {}\n", sign, resource);
    }
  };
  add('-', resources(before), resources(after));
  add('+', resources(after), resources(before));
  return text;
}

std::string reservations_text(const GuestList& guests) {
  if (guests.empty()) return kNoGuests;
  Table table({{"Virtual Machine Name", 20},
               {"VM #", 5, Align::right},
               {"#VCPUs", 6, Align::right},
               {"Memory", 7, Align::right},
               {"#Nets", 5, Align::right},
               {"Vswitches", 12}});
  for (const v1::Guest& guest : guests) {
    std::set<std::string> vswitches;
    for (const v1::Vnic& vnic : guest.vnics()) vswitches.insert(vnic.vswitch());
    table.add({guest.name(), std::to_string(guest.number()), kUnknown, kUnknown,
               std::to_string(guest.vnics_size()), fmt::format("{}", fmt::join(vswitches, " "))});
  }
  return "[Virtual Machine Reservations]\n" + table.text();
}

std::string reserved_ports_text(const v1::Guest& guest, const VswitchList& vswitches) {
  Table table({{"Name/Num", 10},
               {"PortNum", 7},
               {"Adaptor", 10},
               {"State", 8},
               {"VLANID", 6},
               {"Trunk", 5},
               {"Queues", 6, Align::right},
               {"Also Reserved By", 16}});
  for (const v1::Vnic& vnic : guest.vnics()) {
    const v1::Port port = port_at(vswitches, vnic);
    std::vector<std::string> others(port.reserved_by().begin(), port.reserved_by().end());
    std::erase(others, guest.name());
    table.add({vnic.vswitch(), std::to_string(vnic.port()), vnic.adaptor(), state_text(port),
               vlan_text(port), trunk_text(port), std::to_string(std::max(1U, port.queue_pairs())),
               fmt::format("{}", fmt::join(others, " "))});
  }
  return "[Reserved Ports]\n" + table.text();
}

}  // namespace hpvmnet::cli
