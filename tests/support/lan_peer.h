#pragma once

#include <filesystem>
#include <optional>
#include <utility>

#include "base/fd.h"
#include "support/bytes.h"
#include "support/peer_socket.h"

namespace hpvmnet::test {

/// What QEMU's `-netdev stream` is to a switch: each frame goes after its length in 4 bytes,
/// big-endian. One thread.
class LanPeer {
 public:
  explicit LanPeer(const std::filesystem::path& path, Milliseconds limit = Milliseconds(5000))
      : socket_(PeerSocket::connect(path, limit)) {}

  /// At the end of a connection that the switch has made.
  explicit LanPeer(PeerSocket connected) : socket_(std::move(connected)) {}

  /// For bytes that are no frames.
  PeerSocket& socket() { return socket_; }

  /// False: the switch has closed, or takes nothing for too long.
  bool send(ByteView frame) { return socket_.send(encode(frame)); }
  static Bytes encode(ByteView frame);

  /// The next frame; nothing: none came in time, or the switch has closed.
  std::optional<Bytes> receive(Milliseconds limit);

 private:
  bool have(std::size_t count, std::chrono::steady_clock::time_point end);

  PeerSocket socket_;
  Bytes arrived_;
};

/// What QEMU's `-netdev dgram` on unix sockets is to a switch: one frame a datagram. One thread.
class LanDatagramPeer {
 public:
  /// Binds `local` (removed at the end) and sends to `remote`.
  LanDatagramPeer(std::filesystem::path local, std::filesystem::path remote);
  LanDatagramPeer(const LanDatagramPeer&) = delete;
  LanDatagramPeer& operator=(const LanDatagramPeer&) = delete;
  ~LanDatagramPeer();

  /// False: nobody is there, or takes nothing now.
  bool send(ByteView frame);
  std::optional<Bytes> receive(Milliseconds limit);

 private:
  std::filesystem::path local_;
  std::filesystem::path remote_;
  Fd socket_;
};

}  // namespace hpvmnet::test
