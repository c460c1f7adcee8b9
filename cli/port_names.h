#pragma once

#include <cstdint>
#include <string>

#include "cli/client.h"
#include "cli/result.h"

namespace hpvmnet::cli {

/// Names of a vswitch's ports with what is attached: "prod/3 (web1)".
class PortNames {
 public:
  /// Fails where there is no such vswitch.
  static Result<PortNames> of(Client& client, const std::string& vswitch);

  /// Asks the daemon again about a port that nobody had reserved before. The client is still there.
  std::string name(std::uint32_t port);

 private:
  PortNames(Client& client, v1::Vswitch vswitch) : client_(&client), vswitch_(std::move(vswitch)) {}
  std::string user(std::uint32_t port) const;

  Client* client_;
  v1::Vswitch vswitch_;
};

}  // namespace hpvmnet::cli
