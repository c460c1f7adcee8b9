#include "rpc/daemon_service.h"

namespace hpvmnet {

grpc::Status DaemonService::GetVersion(grpc::ServerContext*, const v1::GetVersionRequest*,
                                       v1::GetVersionResponse* response) {
  response->set_version(HPVMNET_VERSION);
  return grpc::Status::OK;
}

}  // namespace hpvmnet
