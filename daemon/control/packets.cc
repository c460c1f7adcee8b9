#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "control/controller.h"
#include "control/rules.h"

namespace hpvmnet {
namespace {

// The backing interface's port is one, too.
Status check_any_port(std::uint32_t port) {
  return port == kUplinkPort ? Status() : check_port_number(port);
}

Mirror::Ports sources_of(const MirrorSettings& settings) {
  Mirror::Ports ports;
  for (const PortNumber source : settings.sources) ports.set(source);
  if (!settings.sources.empty()) return ports;
  for (PortNumber port = 0; port <= kUplinkPort; ++port) ports.set(port, port != settings.port);
  return ports;
}

void name_guests(const std::vector<PortStatus>& ports, Trace& trace) {
  for (Trace::Receiver& receiver : trace.receivers) {
    const auto port = std::ranges::find(ports, receiver.port, &PortStatus::number);
    if (port == ports.end()) continue;
    receiver.guest =
        port->active.empty() ? fmt::format("{}", fmt::join(port->reserved, ", ")) : port->active;
  }
}

}  // namespace

std::shared_ptr<Capture> Switchboard::start_capture(const std::string& vswitch,
                                                    CaptureRequest request) {
  LiveVswitch* on = find(vswitch);
  if (on == nullptr) return nullptr;
  auto capture = std::make_shared<Capture>(std::move(request), parts_.workers.size());
  on->captures.push_back(capture);
  publish(*on);
  return capture;
}

std::size_t Switchboard::capture_count() const {
  std::ptrdiff_t open = 0;
  for (const auto& [name, vswitch] : vswitches_) {
    open += std::ranges::count_if(vswitch->captures,
                                  [](const auto& capture) { return capture->is_open(); });
  }
  return static_cast<std::size_t>(open);
}

void Switchboard::set_mirror(const std::string& name,
                             const std::optional<MirrorSettings>& settings) {
  LiveVswitch* on = find(name);
  if (on == nullptr) return;
  on->mirror.reset();
  if (settings) {
    on->mirror.emplace();
    on->mirror->number = settings->port;
    auto filter = PacketFilter::make(settings->filter.instructions);
    if (filter) {
      if (settings->ingress) on->mirror->ingress = sources_of(*settings);
      if (settings->egress) on->mirror->egress = sources_of(*settings);
      on->mirror->filter = *std::move(filter);
    } else {
      parts_.log.error("vswitch {} mirrors no frames: {}", name, filter.error().text);
    }
  }
  publish(*on);
  if (settings) on->macs.flush(settings->port);  // after the last frame has been learnt
}

void Switchboard::add_observers(const LiveVswitch& of, VswitchView& view) {
  if (of.captures.empty() && !of.mirror) return;
  auto observers = std::make_shared<Observers>(Observers{.captures = of.captures, .mirror = {}});
  if (of.mirror) {
    auto mirror = std::make_shared<Mirror>(*of.mirror);
    mirror->place = view.index_of[mirror->number];
    if (mirror->place != VswitchView::kAbsent) {
      view.ports[mirror->place].domain = kMirrorPort;
      view.ports[mirror->place].tags = nullptr;
    }
    observers->mirror = std::move(mirror);
  }
  view.observers = std::move(observers);
}

void Switchboard::end_captures(LiveVswitch& of) {
  if (std::erase_if(of.captures, [](const auto& capture) { return !capture->is_open(); }) > 0)
    publish(of);
}

Result<std::shared_ptr<Capture>> Controller::start_capture(const VswitchName& which,
                                                           CaptureRequest request) {
  const auto name = find_vswitch(model_, which);
  if (!name) return tl::unexpected(name.error());
  if (request.port) {
    if (Status port = check_any_port(*request.port); !port) return tl::unexpected(port.error());
  }
  if (parts_.board.capture_count() >= kMostCaptures) {
    return fail(ErrorCode::resource_exhausted,
                fmt::format("{} captures are running, and no more are possible; end one of them",
                            kMostCaptures));
  }
  if (auto capture = parts_.board.start_capture(*name, std::move(request))) return capture;
  return fail(ErrorCode::failed_precondition,
              fmt::format("vswitch '{}' is not running, see the daemon's log", *name));
}

Status Controller::set_mirror(const VswitchName& which,
                              const std::optional<MirrorSettings>& mirror) {
  return change([&](Model& model) { return hpvmnet::set_mirror(model, which, mirror); });
}

Result<Trace> Controller::trace(const VswitchName& which, std::uint32_t port,
                                std::span<const std::byte> frame) const {
  const auto on = vswitch(which);
  if (!on) return tl::unexpected(on.error());
  if (Status valid = check_any_port(port); !valid) return tl::unexpected(valid.error());
  if (frame.empty() || frame.size() > Frame::kMaxLength) {
    return fail(
        ErrorCode::invalid_argument,
        fmt::format("a frame has 1 to {} bytes, this one has {}", Frame::kMaxLength, frame.size()));
  }
  auto trace = parts_.board.trace(on->name, static_cast<PortNumber>(port), frame);
  if (!trace) {
    return fail(
        ErrorCode::failed_precondition,
        fmt::format("nothing is attached to port {} of vswitch '{}', so no frame can come in "
                    "by it",
                    port, on->name));
  }
  name_guests(on->ports, *trace);
  return *std::move(trace);
}

}  // namespace hpvmnet
