#pragma once

#include "hpvmnet/v1/daemon.grpc.pb.h"

namespace hpvmnet {

/// Serves hpvmnet.v1.DaemonService.
class DaemonService final : public v1::DaemonService::Service {
 public:
  grpc::Status GetVersion(grpc::ServerContext* context, const v1::GetVersionRequest* request,
                          v1::GetVersionResponse* response) override;
};

}  // namespace hpvmnet
