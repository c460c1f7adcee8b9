#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <vector>

#include "base/fd.h"
#include "support/bytes.h"

namespace hpvmnet::test {

using Milliseconds = std::chrono::milliseconds;

/// A connected unix stream socket with time limits. Errors of the system throw std::system_error.
class PeerSocket {
 public:
  /// Connects, waiting for a listener to appear at `path`. Throws std::runtime_error when there is
  /// none within `limit`.
  static PeerSocket connect(const std::filesystem::path& path, Milliseconds limit);

  explicit PeerSocket(Fd connected) : socket_(std::move(connected)) {}

  int get() const { return socket_.get(); }
  void close() { socket_.reset(); }
  bool is_open() const { return static_cast<bool>(socket_); }

  /// Sends all bytes, the descriptors with the first of them. False: the peer has closed, or takes
  /// nothing more for `limit`.
  bool send(ByteView bytes, const std::vector<int>& descriptors = {},
            Milliseconds limit = Milliseconds(5000));

  /// What `read_exactly` found.
  enum class Outcome { complete, closed, late };
  /// Appends exactly `count` bytes; on closed or late perhaps fewer.
  Outcome read_exactly(std::size_t count, Milliseconds limit, Bytes& append_to);
  /// Appends what has arrived, at most `most` bytes, waiting for the first of them.
  Outcome read_some(std::size_t most, Milliseconds limit, Bytes& append_to);

  /// Throws away what arrives until the peer closes. False: time is up.
  bool wait_closed(Milliseconds limit);

 private:
  Fd socket_;
};

}  // namespace hpvmnet::test
