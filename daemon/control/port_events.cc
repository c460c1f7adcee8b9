#include "control/port_events.h"

#include <fmt/format.h>

#include "base/domain.h"

namespace hpvmnet {
namespace {

std::string named(unsigned port) {
  return port == kUplinkNumber ? "the backing interface" : fmt::format("port {}", port);
}

}  // namespace

std::string PortEvents::guest_of(const PortSpec& port) const {
  return guest_of_ ? guest_of_(port.vswitch, static_cast<PortNumber>(port.number)) : std::string();
}

// `form` names the guest as {0} and the port as {1}.
void PortEvents::publish_of_guest(EventKind kind, const PortSpec& port, std::string_view form) {
  if (port.number >= kPortsPerVswitch) return;
  const std::string guest = guest_of(port);
  const std::string who = guest.empty() ? "a guest" : "guest " + guest;
  const std::string where = fmt::format("port {} of vswitch {}", port.number, port.vswitch);
  journal_.publish({.kind = kind,
                    .vswitch = port.vswitch,
                    .port = static_cast<PortNumber>(port.number),
                    .guest = guest,
                    .text = fmt::format(fmt::runtime(form), who, where)});
}

void PortEvents::attached(const PortSpec& port) {
  publish_of_guest(EventKind::guest_attached, port, "{0} is attached to {1}");
}

void PortEvents::detached(const PortSpec& port) {
  publish_of_guest(EventKind::guest_detached, port, "{0} has left {1}");
}

void PortEvents::up(const PortSpec& port) {
  publish_of_guest(EventKind::port_up, port, "{1} is up: the driver of {0} is ready");
}

void PortEvents::down(const PortSpec& port) {
  publish_of_guest(EventKind::port_down, port, "{1} is down: the driver of {0} has stopped");
}

void PortEvents::blocked(const PortSpec& port) {
  publish_of_guest(EventKind::loop_blocked, port,
                   "{1} is blocked for a while: frames of the vswitch came back by it, a loop");
}

void PortEvents::unblocked(const PortSpec& port) {
  publish_of_guest(EventKind::loop_unblocked, port, "{1} is open again, after a loop");
}

void PortEvents::publish_of_link(EventKind kind, const PortSpec& port, std::string text) {
  journal_.publish({.kind = kind, .vswitch = port.vswitch, .text = std::move(text)});
}

void PortEvents::link_back(const PortSpec& port, const std::string& mode) {
  publish_of_link(
      EventKind::link_back, port,
      fmt::format("vswitch {} is joined to interface {} ({})", port.vswitch, port.endpoint, mode));
}

void PortEvents::link_lost(const PortSpec& port, const std::string& why) {
  publish_of_link(
      EventKind::link_lost, port,
      fmt::format("vswitch {} is without its interface {}: {}", port.vswitch, port.endpoint, why));
}

void PortEvents::publish_move(const std::string& vswitch, const StationMoves::Move& move) {
  const auto domain = static_cast<Domain>(move.station >> 48 & 0x7fff);
  Event event{.kind = EventKind::mac_moved, .vswitch = vswitch};
  if (move.to < kPortsPerVswitch) {
    event.port = move.to;
    if (guest_of_) event.guest = guest_of_(vswitch, move.to);
  }
  event.text = fmt::format("station {}{} has moved from {} to {} of vswitch {}",
                           MacAddress(move.station).dashed(),
                           domain == kNoVlan ? "" : fmt::format(" of VLAN {}", domain),
                           named(move.from), named(move.to), vswitch);
  journal_.publish(std::move(event));
}

void PortEvents::moved(const std::string& vswitch, const MoveReporter::Report& report) {
  for (const StationMoves::Move& move : report.moves) publish_move(vswitch, move);
  if (report.others == 0) return;
  journal_.publish(
      {.kind = EventKind::mac_moved,
       .vswitch = vswitch,
       .text = fmt::format("stations have moved between ports of vswitch {} {} times more", vswitch,
                           report.others)});
}

}  // namespace hpvmnet
