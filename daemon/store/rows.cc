#include "store/rows.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace hpvmnet {
namespace {

constexpr std::size_t kVswitches = 0;
constexpr std::size_t kPorts = 1;
constexpr std::size_t kGuests = 2;
constexpr std::size_t kVnics = 3;
constexpr std::size_t kFilters = 4;
constexpr std::size_t kMirrors = 5;

Value integer(std::uint64_t value) { return static_cast<std::int64_t>(value); }

template <class Number>
Number number(const Value& value) {
  return static_cast<Number>(std::get<std::int64_t>(value));
}

const std::string& text(const Value& value) { return std::get<std::string>(value); }

std::optional<Backing> backing_of(const Row& row) {
  if (row[3] == Value()) return std::nullopt;
  Backing backing{.interface = text(row[3]), .mode = text(row[4]), .vlan = {}};
  if (row[5] != Value()) backing.vlan = number<VlanId>(row[5]);
  return backing;
}

/// Throws std::out_of_range where there is no such policy.
MulticastPolicy policy_of(const std::string& name) {
  const auto found = std::ranges::find(kMulticastPolicies, name);
  if (found == kMulticastPolicies.end()) throw std::out_of_range(name);
  return static_cast<MulticastPolicy>(found - kMulticastPolicies.begin());
}

/// Throws std::out_of_range where one is too large.
template <class Number>
std::vector<Number> numbers(const std::string& text) {
  std::vector<Number> all;
  std::istringstream words(text);
  for (std::uint64_t value = 0; words >> value;) {
    if (value > std::numeric_limits<Number>::max()) throw std::out_of_range(text);
    all.push_back(static_cast<Number>(value));
  }
  return all;
}

std::string program_text(const std::vector<FilterInstruction>& program) {
  std::string text;
  for (const auto& [code, if_true, if_false, operand] : program) {
    text += fmt::format("{}{} {} {} {}", text.empty() ? "" : " ", code, if_true, if_false, operand);
  }
  return text;
}

/// Throws std::out_of_range where it is none. What it does is judged where it is to run.
std::vector<FilterInstruction> program_of(const std::string& text) {
  const auto words = numbers<std::uint32_t>(text);
  if (words.size() % 4 != 0) throw std::out_of_range(text);
  std::vector<FilterInstruction> program;
  for (auto word = words.begin(); word != words.end(); word += 4) {
    program.push_back({static_cast<std::uint16_t>(word[0]), static_cast<std::uint8_t>(word[1]),
                       static_cast<std::uint8_t>(word[2]), word[3]});
  }
  return program;
}

MirrorSettings mirror_of(const Row& row) {
  const auto sources = numbers<PortNumber>(text(row[2]));
  return {.port = number<PortNumber>(row[1]),
          .sources = {sources.begin(), sources.end()},
          .ingress = number<int>(row[3]) != 0,
          .egress = number<int>(row[4]) != 0,
          .filter = {.text = text(row[5]), .instructions = program_of(text(row[6]))}};
}

Row row_of(const std::string& vswitch, const MirrorSettings& mirror) {
  return {vswitch,
          integer(mirror.port),
          fmt::format("{}", fmt::join(mirror.sources, " ")),
          integer(mirror.ingress),
          integer(mirror.egress),
          mirror.filter.text,
          program_text(mirror.filter.instructions)};
}

/// Throws what std::get and at() throw.
Model build(const TableRows& rows) {
  Model model;
  for (const Row& row : rows[kVswitches]) {
    model.vswitches[text(row[0])] = {.name = text(row[0]),
                                     .number = number<std::uint32_t>(row[1]),
                                     .up = number<int>(row[2]) != 0,
                                     .ports = {},
                                     .backing = backing_of(row),
                                     .multicast = policy_of(text(row[6]))};
  }
  for (const Row& row : rows[kPorts]) {
    PortSettings& settings = model.vswitches.at(text(row[0])).ports[number<PortNumber>(row[1])];
    if (row[2] != Value()) settings.vlans.untagged = number<VlanId>(row[2]);
    settings.queue_pairs = number<std::uint32_t>(row[3]);
    settings.packed_rings = number<int>(row[4]) != 0;
    if (row[5] != Value()) settings.vlans.trunk = VlanSet::parse(text(row[5])).value();
  }
  for (const Row& row : rows[kFilters]) {  // in the order of position
    model.vswitches.at(text(row[0])).filters.push_back({text(row[2]), text(row[3])});
  }
  for (const Row& row : rows[kMirrors]) {
    model.vswitches.at(text(row[0])).mirror = mirror_of(row);
  }
  for (const Row& row : rows[kGuests]) {
    model.guests[text(row[0])] = {
        .name = text(row[0]), .number = number<std::uint32_t>(row[1]), .vnics = {}};
  }
  for (const Row& row : rows[kVnics]) {  // a set: in the order of bus and device
    model.guests.at(text(row[0]))
        .vnics.push_back({.adaptor = text(row[3]),
                          .bus = number<std::uint32_t>(row[1]),
                          .device = number<std::uint32_t>(row[2]),
                          .mac = MacAddress(number<std::uint64_t>(row[4])),
                          .vswitch = text(row[5]),
                          .port = number<PortNumber>(row[6]),
                          .endpoint = text(row[7])});
  }
  return model;
}

}  // namespace

TableRows rows_of(const Model& model) {
  TableRows rows;
  for (const auto& [name, vswitch] : model.vswitches) {
    const auto& backing = vswitch.backing;
    rows[kVswitches].insert(
        {name, integer(vswitch.number), integer(vswitch.up), backing ? backing->interface : Value(),
         backing ? backing->mode : Value(),
         backing && backing->vlan ? integer(*backing->vlan) : Value(),
         std::string(kMulticastPolicies[static_cast<std::size_t>(vswitch.multicast)])});
    for (const auto& [port, settings] : vswitch.ports) {
      const auto& [untagged, trunk] = settings.vlans;
      rows[kPorts].insert({name, integer(port), untagged ? integer(*untagged) : Value(),
                           integer(settings.queue_pairs), integer(settings.packed_rings),
                           trunk.any() ? trunk.text() : Value()});
    }
  }
  for (const auto& [name, vswitch] : model.vswitches) {
    for (std::size_t i = 0; i < vswitch.filters.size(); ++i) {
      const auto& [filter, arguments] = vswitch.filters[i];
      rows[kFilters].insert({name, integer(i), filter, arguments});
    }
    if (vswitch.mirror) rows[kMirrors].insert(row_of(name, *vswitch.mirror));
  }
  for (const auto& [name, guest] : model.guests) {
    rows[kGuests].insert({name, integer(guest.number)});
    for (const Vnic& vnic : guest.vnics) {
      rows[kVnics].insert({name, integer(vnic.bus), integer(vnic.device), vnic.adaptor,
                           integer(vnic.mac.value()), vnic.vswitch, integer(vnic.port),
                           vnic.endpoint});
    }
  }
  return rows;
}

std::optional<Model> model_of(const TableRows& rows) try {
  return build(rows);
} catch (const std::bad_variant_access&) {
  return std::nullopt;
} catch (const std::out_of_range&) {
  return std::nullopt;
} catch (const std::bad_optional_access&) {
  return std::nullopt;
}

}  // namespace hpvmnet
