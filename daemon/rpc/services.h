#pragma once

#include <memory>

#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include "rpc/configuration_service.h"
#include "rpc/daemon_service.h"
#include "rpc/gate.h"
#include "rpc/guest_service.h"
#include "rpc/health_service.h"
#include "rpc/packet_service.h"
#include "rpc/vswitch_service.h"
#include "rpc/watch_service.h"

namespace hpvmnet {

/// Everything that one door of the control plane serves, for its callers, with limits of its own.
class Services {
 public:
  /// All of these outlive it.
  Services(Loop& loop, Commands& commands, const Callers& callers, Audit& audit);

  /// Ends within half a second, whatever the clients do.
  ~Services();
  Services(const Services&) = delete;
  Services& operator=(const Services&) = delete;

  /// Begins to serve where the builder says; false where that is not possible. `largest_request`
  /// is in bytes.
  bool start(grpc::ServerBuilder& builder, int largest_request);

 private:
  Gate gate_;
  VswitchService vswitches_;
  GuestService guests_;
  ConfigurationService configuration_;
  DaemonService daemon_;
  PacketService packets_;
  HealthService health_;
  WatchService watch_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace hpvmnet
