#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <sys/socket.h>

#include "avio_lan/protocol/message.h"
#include "base/fd.h"
#include "base/result.h"

namespace hpvmnet::avio_lan {

/// Turns the byte stream of a vhost-user socket into messages and back. Never blocks. Control
/// thread only. Errors tell what the peer did; after one, or after the end, there is nothing left
/// to do but to close the connection.
class Connection {
 public:
  /// A connected stream socket, which becomes non-blocking.
  explicit Connection(Fd socket);

  int descriptor() const noexcept { return socket_.get(); }

  enum class Arrival : unsigned char {
    message,   ///< a whole one
    nothing,   ///< it will take more bytes
    finished,  ///< the peer has closed, between two messages
  };

  /// Reads on, until there is a message or nothing more to read. Messages may come in pieces of any
  /// size. Received file descriptors are owned from the moment they are ours.
  Result<Arrival> receive(Message& message);

  /// Answers `request`. A peer that leaves so many answers unread that this one does not fit into
  /// the socket is in error.
  Status reply(Request request, std::uint64_t payload);

  /// The peer has closed its end, perhaps with messages still to be received.
  bool hung_up() const;

 private:
  enum class Progress : unsigned char { done, pending, ended };

  Result<Progress> fill(std::span<std::byte> whole);
  Status adopt(const msghdr& incoming);
  void hand_over(Message& message);

  Fd socket_;
  MessageHeader header_;
  std::array<std::byte, kMaxPayload> payload_;
  std::size_t filled_ = 0;       // bytes of the part of the message that is being read
  bool in_payload_ = false;      // that part is the payload
  std::vector<Fd> descriptors_;  // of the message that is being read
};

}  // namespace hpvmnet::avio_lan
