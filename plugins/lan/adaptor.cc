#include "lan/adaptor.h"

#include <fmt/format.h>

#include "lan/datagram_end.h"
#include "lan/lan_port.h"
#include "lan/unix_socket.h"

namespace hpvmnet::lan {
namespace {

// In a QEMU option's value a comma is written twice.
std::string quoted(const std::string& value) {
  std::string text;
  for (const char c : value) text.append(c == ',' ? 2 : 1, c);
  return text;
}

}  // namespace

Status LanAdaptor::check(const PortSpec& spec) const {
  for (const auto& path :
       {spec.socket(), DatagramEnd::own_path(spec), DatagramEnd::peer_path(spec)}) {
    if (const Status fits = check_socket_path(path); !fits) return fits;
  }
  return {};
}

Result<std::unique_ptr<Port>> LanAdaptor::open(const PortSpec& spec, PortHost& host) {
  if (const Status possible = check(spec); !possible) return tl::unexpected(possible.error());
  return LanPort::open(spec, host);
}

std::vector<std::string> LanAdaptor::qemu_arguments(const AttachmentSpec& vnic) const {
  return {"-netdev",
          fmt::format("stream,id={},server=off,addr.type=unix,addr.path={}", vnic.id,
                      quoted(vnic.port.socket().native())),
          "-device", fmt::format("e1000,netdev={},mac={}", vnic.id, vnic.mac.colons())};
}

}  // namespace hpvmnet::lan
