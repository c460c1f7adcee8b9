#pragma once

#include <filesystem>

#include "base/fd.h"
#include "base/result.h"
#include "base/socket_access.h"

namespace hpvmnet::avio_lan {

/// Refuses paths that are too long for a unix socket.
Status check_socket_path(const std::filesystem::path& path);

/// A listening unix stream socket and its file, which disappears with it. Control thread only.
class Listener {
 public:
  /// A socket file that nobody listens on any longer is replaced; anything else in its place is an
  /// error.
  static Result<Listener> open(std::filesystem::path path, const SocketAccess& access);
  Listener(Listener&&) = default;
  Listener& operator=(Listener&&) = delete;
  ~Listener();

  int descriptor() const noexcept { return socket_.get(); }

  /// The next connection; an empty one where there is none after all. Errors are those of the
  /// system: too many descriptors are open.
  Result<Fd> accept();

 private:
  Listener(std::filesystem::path path, Fd socket)
      : path_(std::move(path)), socket_(std::move(socket)) {}

  std::filesystem::path path_;
  Fd socket_;
};

}  // namespace hpvmnet::avio_lan
