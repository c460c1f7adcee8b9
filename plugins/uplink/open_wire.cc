#include "uplink/open_wire.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "uplink/ethtool.h"
#include "uplink/packet_wire.h"
#include "uplink/xdp_wire.h"

namespace hpvmnet::uplink {
namespace {

constexpr XdpWire::Kind kZeroCopy{XdpProgram::Where::driver, XdpQueue::Copies::none};
constexpr XdpWire::Kind kOneCopy{XdpProgram::Where::driver, XdpQueue::Copies::one};
constexpr XdpWire::Kind kGeneric{XdpProgram::Where::kernel, XdpQueue::Copies::one};

// A bond's frames arrive by its slaves: in their drivers they are not for its sockets, and behind
// them their VLAN tags are off.
Result<OpenWire> open_xdp(const host::Link& link, XdpWire::Kind kind) {
  if (link.kind == "bond") {
    return fail(ErrorCode::failed_precondition,
                "AF_XDP does not see the frames of a bond as they arrive; mode 'packet' does");
  }
  return XdpWire::open({link.index, link.name, link.mtu, receive_queues(link.name)}, kind)
      .map([](std::unique_ptr<Wire> wire) {
        return OpenWire{std::move(wire), {}};
      });
}

// Zero-copy where the driver has it.
Result<OpenWire> open_native(const host::Link& link) {
  auto wire = open_xdp(link, kZeroCopy);
  if (wire) return wire;
  auto copying = open_xdp(link, kOneCopy);
  if (copying) copying->remark = "the driver has no zero-copy AF_XDP";
  return copying;
}

// Why AF_XDP would be slower than a packet socket, or lose something; empty: it would not.
std::string why_not_xdp(const host::Link& link) {
  if (!link.kind.empty()) {
    return fmt::format("AF_XDP gains nothing on a virtual interface ({})", link.kind);
  }
  if (strips_tags(link.name)) {
    return fmt::format(
        "AF_XDP would not see the VLAN tags that the card takes off; after 'ethtool -K {} rxvlan "
        "off' it is used",
        link.name);
  }
  return {};
}

Result<OpenWire> open_packet(const host::Link& link, const std::string& remark) {
  return PacketWire::open(link.index, link.mtu).map([&](std::unique_ptr<Wire> wire) {
    return OpenWire{std::move(wire), remark};
  });
}

Result<OpenWire> open_fastest(const host::Link& link) {
  if (const std::string why = why_not_xdp(link); !why.empty()) return open_packet(link, why);
  auto wire = open_native(link);
  return wire ? std::move(wire) : open_packet(link, wire.error().text);
}

struct Mode {
  std::string_view name;
  Result<OpenWire> (*open)(const host::Link& link);
};
constexpr std::array kModes{
    Mode{"", open_fastest},
    Mode{"auto", open_fastest},
    Mode{"xdp", open_native},
    Mode{"xdp-generic", [](const host::Link& link) { return open_xdp(link, kGeneric); }},
    Mode{"packet", [](const host::Link& link) { return open_packet(link, {}); }},
};

}  // namespace

Status check_mode(const std::string& mode) {
  if (std::ranges::find(kModes, mode, &Mode::name) != kModes.end()) return {};
  return fail(
      ErrorCode::invalid_argument,
      fmt::format("'{}' is no way to use an interface; there are auto, xdp, xdp-generic and "
                  "packet",
                  mode));
}

Result<OpenWire> open_wire(const std::string& mode, const host::Link& link) {
  return std::ranges::find(kModes, mode, &Mode::name)->open(link);
}

}  // namespace hpvmnet::uplink
