#pragma once

#include <condition_variable>
#include <mutex>
#include <string>

#include "grpc/health/v1/health.grpc.pb.h"

namespace hpvmnet {

/// Serves gRPC's health protocol: everything is SERVING until stop(). Any thread.
class HealthService final : public grpc::health::v1::Health::Service {
 public:
  grpc::Status Check(grpc::ServerContext* context,
                     const grpc::health::v1::HealthCheckRequest* request,
                     grpc::health::v1::HealthCheckResponse* response) override;
  grpc::Status Watch(grpc::ServerContext* context,
                     const grpc::health::v1::HealthCheckRequest* request,
                     grpc::ServerWriter<grpc::health::v1::HealthCheckResponse>* writer) override;

  /// Tells those who watch that nothing is served any longer, and ends their calls.
  void stop();

 private:
  grpc::health::v1::HealthCheckResponse state_of(const std::string& service);

  std::mutex lock_;
  std::condition_variable stopped_now_;
  bool stopped_ = false;
};

}  // namespace hpvmnet
