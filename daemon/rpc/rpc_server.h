#pragma once

#include <filesystem>
#include <memory>

#include "base/result.h"
#include "control/commands.h"
#include "control/loop.h"
#include "rpc/audit.h"

namespace hpvmnet {

/// The control plane's sockets: RUN-DIR/control.sock to administer (mode 0660), RUN-DIR/read.sock
/// to look only (mode 0666). Each serves the whole contract, the health service and reflection.
class RpcServer {
 public:
  /// Begins to serve on both sockets, or on none. Calls are answered as soon as the loop runs.
  /// `run_directory` is the caller's alone: sockets there that have these names are replaced.
  /// `loop`, `commands` and `audit` outlive the server.
  static Result<std::unique_ptr<RpcServer>> start(const std::filesystem::path& run_directory,
                                                  Loop& loop, Commands& commands, Audit& audit);

  /// Ends within half a second, whatever the clients do: calls that wait for the control thread are
  /// answered with UNAVAILABLE, streams are cut. Removes the sockets. Control thread.
  ~RpcServer();
  RpcServer(const RpcServer&) = delete;
  RpcServer& operator=(const RpcServer&) = delete;

 private:
  class Endpoint;
  RpcServer();

  std::unique_ptr<Endpoint> control_;
  std::unique_ptr<Endpoint> read_;
};

}  // namespace hpvmnet
