#pragma once

#include <filesystem>
#include <memory>

#include "base/fd.h"
#include "base/result.h"

namespace hpvmnet {
struct PortSpec;
}

namespace hpvmnet::lan {

/// The daemon's end of a pair of datagram sockets, and what it knows of the other end, which QEMU's
/// `-netdev dgram` makes. Datagrams have no connection: the guest is there when a socket behind the
/// other end's name answers a connect(). Control thread only.
class DatagramEnd {
 public:
  /// Names of the two ends in a port's directory.
  static std::filesystem::path own_path(const PortSpec& port);
  static std::filesystem::path peer_path(const PortSpec& port);

  static Result<std::unique_ptr<DatagramEnd>> open(const PortSpec& port);

  /// Removes its own name, and the peer's where nobody is behind it.
  ~DatagramEnd();
  DatagramEnd(const DatagramEnd&) = delete;
  DatagramEnd& operator=(const DatagramEnd&) = delete;

  int socket() const noexcept { return socket_.get(); }
  const std::filesystem::path& peer() const noexcept { return peer_; }

  /// Whether somebody is behind the other end's name; connects to it, or disconnects. While
  /// connected, the system takes datagrams from nobody else, and tells when there is room. A new
  /// socket behind the name takes the place of a former one. May run beside workers that send and
  /// receive.
  bool connect() noexcept;

  /// Throws away what has arrived. Returns whether there was anything.
  bool drain() noexcept;

 private:
  DatagramEnd(Fd socket, std::filesystem::path own, std::filesystem::path peer)
      : socket_(std::move(socket)), own_(std::move(own)), peer_(std::move(peer)) {}

  Fd socket_;
  const std::filesystem::path own_;
  const std::filesystem::path peer_;
};

}  // namespace hpvmnet::lan
