#pragma once

#include <string>
#include <string_view>

#include <sys/socket.h>

#include "base/result.h"

namespace hpvmnet {

/// Where a TCP server listens: an address of the host and a port.
class ListenAddress {
 public:
  /// Reads "PORT", which is one of 127.0.0.1, "ADDRESS:PORT" or "[IPV6-ADDRESS]:PORT". The address
  /// is a number or "localhost"; port 0 is any that is free.
  static Result<ListenAddress> parse(std::string_view text);

  /// Only programs of this host can reach it.
  bool is_loopback() const noexcept;
  const sockaddr* data() const noexcept { return reinterpret_cast<const sockaddr*>(&storage_); }
  socklen_t size() const noexcept;
  /// As parse() reads it, with the address.
  std::string text() const;

  /// The address that a socket is bound to.
  static ListenAddress of(int socket);

 private:
  sockaddr_storage storage_{};
};

}  // namespace hpvmnet
