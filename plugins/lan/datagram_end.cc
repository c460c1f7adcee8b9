#include "lan/datagram_end.h"

#include <cerrno>
#include <string>
#include <tuple>
#include <utility>

#include <sys/socket.h>
#include <unistd.h>

#include "lan/unix_socket.h"
#include "plugin/adaptor.h"

namespace hpvmnet::lan {
namespace {

std::filesystem::path beside(const PortSpec& port, const char* extension) {
  return port.directory / (std::to_string(port.number) + extension);
}

}  // namespace

std::filesystem::path DatagramEnd::own_path(const PortSpec& port) { return beside(port, ".dgram"); }

std::filesystem::path DatagramEnd::peer_path(const PortSpec& port) { return beside(port, ".qemu"); }

Result<std::unique_ptr<DatagramEnd>> DatagramEnd::open(const PortSpec& port) {
  Result<Fd> socket = bind_socket(own_path(port), SOCK_DGRAM, port.access);
  if (!socket) return tl::unexpected(socket.error());
  enlarge_buffers(socket->get());
  return std::unique_ptr<DatagramEnd>(
      new DatagramEnd(*std::move(socket), own_path(port), peer_path(port)));
}

DatagramEnd::~DatagramEnd() {
  ::unlink(own_.c_str());
  if (!connect() && errno == ECONNREFUSED) ::unlink(peer_.c_str());
}

bool DatagramEnd::connect() noexcept {
  const sockaddr_un peer = unix_address(peer_);
  if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&peer), sizeof peer) == 0) {
    return true;
  }
  const int reason = errno;
  sockaddr nobody{};
  nobody.sa_family = AF_UNSPEC;
  std::ignore = ::connect(socket_.get(), &nobody, sizeof nobody);
  errno = reason;
  return false;
}

bool DatagramEnd::drain() noexcept {
  constexpr int kMost = 1024;  // a peer that goes on and on must not hold the control thread
  int count = 0;
  while (count < kMost && ::recv(socket_.get(), nullptr, 0, MSG_DONTWAIT | MSG_TRUNC) >= 0) ++count;
  return count > 0;
}

}  // namespace hpvmnet::lan
