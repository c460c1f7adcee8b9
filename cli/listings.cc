#include "cli/listings.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/mirror_words.h"
#include "cli/multicast_policy.h"
#include "cli/values.h"
#include "cli/vswitch_words.h"

namespace hpvmnet::cli {
namespace {

using Align = Listing::Align;
using Cell = Listing::Cell;
using Colour = Listing::Colour;

constexpr const char* kNothing = "-";

Listing::Column plain(const char* heading) { return {.heading = heading}; }
Listing::Column number(const char* heading) { return {.heading = heading, .align = Align::right}; }
Listing::Column cuttable(const char* heading) { return {.heading = heading, .can_be_cut = true}; }

Cell text(const std::string& text) { return {text.empty() ? kNothing : text}; }

Cell state(const v1::Vswitch& vswitch) {
  if (vswitch.state() == v1::Vswitch::STATE_UP) return {"Up", Colour::good};
  return {"Down", Colour::bad};
}

Cell state(const v1::Port& port) {
  if (port.blocked()) return {"Blocked", Colour::bad};
  switch (port.state()) {
    case v1::Port::STATE_ACTIVE:
      return {"Active", Colour::good};
    case v1::Port::STATE_RESERVED:
      return {"Reserved", Colour::waiting};
    default:
      return {"Down", Colour::bad};
  }
}

Cell state(const v1::Guest& guest) {
  if (guest.state() == v1::Guest::STATE_ON) return {"On", Colour::good};
  return {"Off", Colour::waiting};
}

template <class Message>
Cell vlan(const Message& message) {
  return {message.has_vlan_id() ? std::to_string(message.vlan_id()) : kNothing};
}

Cell port_number(std::uint32_t port) { return {port_number_text(port)}; }

// The attached guest; else those that may attach.
Cell guests(const v1::Port& port) {
  if (!port.active_guest().empty()) return {port.active_guest()};
  return text(fmt::format("{}", fmt::join(port.reserved_by(), ",")));
}

Cell backing_mode(const v1::Vswitch& vswitch) {
  if (!vswitch.has_backing()) return {kNothing};
  const std::string& mode = vswitch.backing().mode_in_use();
  return mode.empty() ? Cell{"not in use", Colour::waiting} : Cell{mode};
}

// Of each port and each backing interface: (vswitch, port number, guest or interface, counters).
template <class Visit>
void for_each_counted(const v1::ListVswitchesResponse& all, Visit visit) {
  for (const v1::Vswitch& vswitch : all.vswitches()) {
    for (const v1::Port& port : vswitch.ports()) {
      visit(vswitch, port.number(), guests(port), port.counters());
    }
    if (!vswitch.has_backing()) continue;
    const v1::Backing& backing = vswitch.backing();
    visit(vswitch, kPortsPerVswitch, text(backing.interface()), backing.counters());
  }
}

}  // namespace

std::string vswitches_listing(const v1::ListVswitchesResponse& all, const Listing::Layout& layout) {
  Listing listing({plain("NAME"), number("NUMBER"), plain("STATE"), plain("BACKING"), plain("VLAN"),
                   plain("MODE"), plain("MULTICAST"), number("MACS")});
  for (const v1::Vswitch& vswitch : all.vswitches()) {
    listing.add({{vswitch.name()},
                 {std::to_string(vswitch.number())},
                 state(vswitch),
                 text(vswitch.backing().interface()),
                 vlan(vswitch.backing()),
                 backing_mode(vswitch),
                 {std::string(multicast_policy_text(vswitch.multicast()))},
                 {std::to_string(vswitch.mac_address_count())}});
  }
  return listing.text(layout);
}

std::string ports_listing(const v1::ListVswitchesResponse& all, const Listing::Layout& layout) {
  Listing listing({plain("VSWITCH"), number("PORT"), plain("STATE"), plain("ADAPTOR"),
                   number("VLAN"), cuttable("TRUNK"), number("QUEUES"), plain("RINGS"),
                   cuttable("GUEST"), cuttable("ENDPOINT")});
  for (const v1::Vswitch& vswitch : all.vswitches()) {
    for (const v1::Port& port : vswitch.ports()) {
      listing.add({{vswitch.name()},
                   port_number(port.number()),
                   state(port),
                   text(port.adaptor()),
                   vlan(port),
                   text(port.trunk()),
                   {std::to_string(std::max(1U, port.queue_pairs()))},
                   {port.rings() == v1::Port::RINGS_PACKED ? "packed" : "split"},
                   guests(port),
                   text(port.endpoint())});
    }
  }
  return listing.text(layout);
}

std::string counters_listing(const v1::ListVswitchesResponse& all, const Listing::Layout& layout) {
  Listing listing({plain("VSWITCH"), number("PORT"), cuttable("GUEST"), number("INGRESS-FRAMES"),
                   number("INGRESS-BYTES"), number("EGRESS-FRAMES"), number("EGRESS-BYTES"),
                   number("DROPPED")});
  for_each_counted(all, [&](const v1::Vswitch& vswitch, std::uint32_t port, const Cell& guest,
                            const v1::PortCounters& counters) {
    const std::uint64_t lost = dropped(counters);
    listing.add({{vswitch.name()},
                 port_number(port),
                 guest,
                 {std::to_string(counters.ingress_frames())},
                 {std::to_string(counters.ingress_bytes())},
                 {std::to_string(counters.egress_frames())},
                 {std::to_string(counters.egress_bytes())},
                 {std::to_string(lost), lost > 0 ? Colour::waiting : Colour::none}});
  });
  return listing.text(layout);
}

std::string guests_listing(const v1::ListGuestsResponse& all, const Listing::Layout& layout) {
  Listing listing(
      {plain("NAME"), number("NUMBER"), plain("STATE"), number("VNICS"), cuttable("PORTS")});
  for (const v1::Guest& guest : all.guests()) {
    std::vector<std::string> ports;
    for (const v1::Vnic& vnic : guest.vnics()) {
      ports.push_back(fmt::format("{}/{}", vnic.vswitch(), vnic.port()));
    }
    listing.add({{guest.name()},
                 {std::to_string(guest.number())},
                 state(guest),
                 {std::to_string(guest.vnics_size())},
                 text(fmt::format("{}", fmt::join(ports, " ")))});
  }
  return listing.text(layout);
}

std::string vnics_listing(const v1::Guest& guest, const Listing::Layout& layout) {
  Listing listing({number("BUS"), number("DEVICE"), plain("ADAPTOR"), plain("MAC"),
                   plain("VSWITCH"), number("PORT"), plain("STATE"), cuttable("ENDPOINT")});
  for (const v1::Vnic& vnic : guest.vnics()) {
    listing.add({{std::to_string(vnic.bus())},
                 {std::to_string(vnic.device())},
                 {vnic.adaptor()},
                 {vnic.mac_address()},
                 {vnic.vswitch()},
                 {std::to_string(vnic.port())},
                 vnic.active() ? Cell{"Active", Colour::good} : Cell{"Reserved", Colour::waiting},
                 text(vnic.endpoint())});
  }
  return listing.text(layout);
}

std::string addresses_listing(const std::vector<v1::MacAddressEntry>& entries,
                              const Listing::Layout& layout) {
  Listing listing({plain("ADDRESS"), number("VLAN"), plain("VSWITCH"), number("PORT"),
                   cuttable("GUEST"), number("AGE")});
  for (const v1::MacAddressEntry& entry : entries) {
    listing.add({{entry.mac_address()},
                 vlan(entry),
                 {entry.vswitch()},
                 port_number(entry.port()),
                 text(entry.guest()),
                 {fmt::format("{} s", entry.age_seconds())}});
  }
  return listing.text(layout);
}

Drops drops_of(const v1::ListVswitchesResponse& all) {
  Drops drops;
  for_each_counted(all, [&](const v1::Vswitch& vswitch, std::uint32_t port, const Cell&,
                            const v1::PortCounters& counters) {
    for (const v1::DropCounter& drop : counters.drops()) {
      drops[{vswitch.name(), port, drop.reason()}] = drop.frames();
    }
  });
  return drops;
}

std::string mirrors_listing(const v1::ListVswitchesResponse& all, const Listing::Layout& layout) {
  Listing listing(
      {plain("VSWITCH"), number("TO"), plain("FROM"), plain("DIRECTION"), cuttable("FILTER")});
  for (const v1::Vswitch& vswitch : all.vswitches()) {
    if (!vswitch.has_mirror()) continue;
    const v1::Mirror& mirror = vswitch.mirror();
    listing.add({{vswitch.name()},
                 {std::to_string(mirror.port())},
                 {mirror_sources_text(mirror)},
                 {mirror_direction_text(mirror)},
                 text(mirror.filter())});
  }
  return listing.text(layout);
}

std::string drops_listing(const v1::ListVswitchesResponse& all, const Drops* before,
                          const Listing::Layout& layout) {
  std::vector<Listing::Column> columns{plain("VSWITCH"), number("PORT"), cuttable("GUEST"),
                                       plain("REASON"), number("FRAMES")};
  if (before != nullptr) columns.push_back(number("GROWN"));
  columns.push_back(cuttable("MEANING"));
  Listing listing(std::move(columns));
  for_each_counted(all, [&](const v1::Vswitch& vswitch, std::uint32_t port, const Cell& guest,
                            const v1::PortCounters& counters) {
    for (const v1::DropCounter& drop : counters.drops()) {
      std::vector<Cell> cells{{vswitch.name()},
                              port_number(port),
                              guest,
                              {drop.reason()},
                              {std::to_string(drop.frames())}};
      if (before != nullptr) {
        const auto then = before->find({vswitch.name(), port, drop.reason()});
        const std::uint64_t frames = then == before->end() ? 0 : then->second;
        // Fewer than before: the port has been opened anew.
        const std::uint64_t grown = drop.frames() - (frames > drop.frames() ? 0 : frames);
        cells.push_back(grown > 0 ? Cell{fmt::format("+{}", grown), Colour::bad} : Cell{""});
      }
      cells.push_back({drop.description()});
      listing.add(std::move(cells));
    }
  });
  return listing.text(layout);
}

}  // namespace hpvmnet::cli
