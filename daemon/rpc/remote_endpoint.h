#pragma once

#include <memory>
#include <string>
#include <vector>

#include <grpcpp/server_builder.h>

#include "base/log.h"
#include "control/commands.h"
#include "control/loop.h"
#include "remote/connections.h"
#include "remote/listener.h"
#include "remote/trust.h"
#include "rpc/callers.h"
#include "rpc/services.h"

namespace hpvmnet {

/// Serves the contract over TCP with mutual TLS, version 1.2 or newer. Who may do what is judged
/// for each call; certificates that Trust has taken up are used for the next connection.
class RemoteEndpoint {
 public:
  /// Begins to serve on each of `addresses` (HOST:PORT), or on none. The others outlive it.
  static Result<std::unique_ptr<RemoteEndpoint>> start(const std::vector<std::string>& addresses,
                                                       const ConnectionLimits& limits,
                                                       const Trust& trust, Loop& loop,
                                                       Commands& commands, Audit& audit, Log& log);

 private:
  RemoteEndpoint(const ConnectionLimits& limits, const Trust& trust, Loop& loop, Commands& commands,
                 Audit& audit, Log& log);
  bool serve(const ConnectionLimits& limits, const Trust& trust);
  void take(Fd connection);

  RemoteCallers callers_;
  Connections connections_;
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> acceptor_;
  Services services_;
  Listener listener_;
};

}  // namespace hpvmnet
