#include "rpc/daemon_service.h"

#include <vector>

#include "rpc/convert.h"
#include "rpc/errors.h"

namespace hpvmnet {

grpc::Status DaemonService::GetVersion(grpc::ServerContext*, const v1::GetVersionRequest*,
                                       v1::GetVersionResponse* response) {
  response->set_version(HPVMNET_VERSION);
  return grpc::Status::OK;
}

grpc::Status DaemonService::ListPlugins(grpc::ServerContext* context, const v1::ListPluginsRequest*,
                                        v1::ListPluginsResponse* response) {
  const auto all = gate_.look(context->deadline(), [](const Commands& commands) {
    return Result<std::vector<PluginStatus>>(commands.plugins());
  });
  return respond(*context, all, *response);
}

}  // namespace hpvmnet
