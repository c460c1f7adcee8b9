#include "lan/adaptor.h"

#include <fmt/format.h>

#include "lan/connecting_port.h"
#include "lan/listening_port.h"

namespace hpvmnet::lan {
namespace {

// In a QEMU option's value a comma is written twice.
std::string quoted(const std::string& value) {
  std::string text;
  for (const char c : value) text.append(c == ',' ? 2 : 1, c);
  return text;
}

// A port that connects has its peer without QEMU.
std::vector<std::string> arguments(const AttachmentSpec& vnic, const std::string& device) {
  if (!vnic.port.endpoint.empty()) return {};
  return {"-netdev",
          fmt::format("stream,id={},server=off,addr.type=unix,addr.path={}", vnic.id,
                      quoted(vnic.port.socket().native())),
          "-device", device};
}

}  // namespace

Status LanAdaptor::check(const PortSpec& spec) const {
  return spec.endpoint.empty() ? ListeningPort::check(spec) : ConnectingPort::check(spec);
}

Result<std::unique_ptr<Port>> LanAdaptor::open(const PortSpec& spec, PortHost& host) {
  if (const Status possible = check(spec); !possible) return tl::unexpected(possible.error());
  if (spec.endpoint.empty()) return ListeningPort::open(spec, host);
  return std::make_unique<ConnectingPort>(spec, host);
}

std::vector<std::string> LanAdaptor::qemu_arguments(const AttachmentSpec& vnic) const {
  return arguments(vnic, fmt::format("e1000,netdev={},mac={}", vnic.id, vnic.mac.colons()));
}

LibvirtDevice LanAdaptor::libvirt_device(const AttachmentSpec& vnic) const {
  LibvirtDevice device;
  device.qemu_arguments = arguments(
      vnic,
      fmt::format(R"({{"driver":"e1000","netdev":"{}","mac":"{}"}})", vnic.id, vnic.mac.colons()));
  return device;
}

}  // namespace hpvmnet::lan
