#pragma once

#include <grpcpp/support/server_interceptor.h>

#include "remote/connections.h"
#include "rpc/callers.h"

namespace hpvmnet {

/// Tells Connections what the calls of remote clients do.
class CallWatchFactory : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  /// Both outlive it.
  CallWatchFactory(Connections& connections, const RemoteCallers& callers)
      : connections_(connections), callers_(callers) {}

  grpc::experimental::Interceptor* CreateServerInterceptor(
      grpc::experimental::ServerRpcInfo* call) override;

 private:
  Connections& connections_;
  const RemoteCallers& callers_;
};

}  // namespace hpvmnet
