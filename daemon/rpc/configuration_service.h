#pragma once

#include "hpvmnet/v1/configuration.grpc.pb.h"
#include "rpc/gate.h"

namespace hpvmnet {

/// Serves hpvmnet.v1.ConfigurationService. The gate outlives it.
class ConfigurationService final : public v1::ConfigurationService::Service {
 public:
  explicit ConfigurationService(Gate& gate) : gate_(gate) {}

  grpc::Status GetConfiguration(grpc::ServerContext* context,
                                const v1::GetConfigurationRequest* request,
                                v1::Configuration* response) override;
  grpc::Status ApplyConfiguration(grpc::ServerContext* context,
                                  const v1::ApplyConfigurationRequest* request,
                                  v1::ApplyConfigurationResponse* response) override;

 private:
  Gate& gate_;
};

}  // namespace hpvmnet
