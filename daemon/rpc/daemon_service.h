#pragma once

#include "hpvmnet/v1/daemon.grpc.pb.h"
#include "rpc/gate.h"

namespace hpvmnet {

/// Serves hpvmnet.v1.DaemonService. The gate outlives it.
class DaemonService final : public v1::DaemonService::Service {
 public:
  explicit DaemonService(Gate& gate) : gate_(gate) {}

  grpc::Status GetVersion(grpc::ServerContext* context, const v1::GetVersionRequest* request,
                          v1::GetVersionResponse* response) override;
  grpc::Status ListPlugins(grpc::ServerContext* context, const v1::ListPluginsRequest* request,
                           v1::ListPluginsResponse* response) override;

 private:
  Gate& gate_;
};

}  // namespace hpvmnet
