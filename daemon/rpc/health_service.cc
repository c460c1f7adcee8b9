#include "rpc/health_service.h"

#include <algorithm>
#include <chrono>

#include "hpvmnet/v1/daemon.grpc.pb.h"
#include "hpvmnet/v1/guest.grpc.pb.h"
#include "hpvmnet/v1/vswitch.grpc.pb.h"
#include "hpvmnet/v1/watch.grpc.pb.h"
#include "rpc/errors.h"

namespace hpvmnet {
namespace {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

// A synchronous call learns only by asking whether its client has gone.
constexpr std::chrono::seconds kCancellationCheck{1};

bool is_served(const std::string& service) {
  const auto served = {std::string(), std::string(v1::VswitchService::service_full_name()),
                       std::string(v1::GuestService::service_full_name()),
                       std::string(v1::DaemonService::service_full_name()),
                       std::string(v1::WatchService::service_full_name())};
  return std::ranges::find(served, service) != served.end();
}

}  // namespace

grpc::Status HealthService::Check(grpc::ServerContext* context, const HealthCheckRequest* request,
                                  HealthCheckResponse* response) {
  *response = state_of(request->service());
  if (response->status() != HealthCheckResponse::SERVICE_UNKNOWN) return grpc::Status::OK;
  return to_grpc({ErrorCode::not_found, "hpvmnetd has no service of that name"}, *context);
}

grpc::Status HealthService::Watch(grpc::ServerContext* context, const HealthCheckRequest* request,
                                  grpc::ServerWriter<HealthCheckResponse>* writer) {
  const HealthCheckResponse first = state_of(request->service());
  if (!writer->Write(first)) return grpc::Status::CANCELLED;
  std::unique_lock lock(lock_);
  while (!stopped_now_.wait_for(lock, kCancellationCheck, [this] { return stopped_; })) {
    if (context->IsCancelled()) return grpc::Status::CANCELLED;
  }
  lock.unlock();
  writer->WriteLast(state_of(request->service()), grpc::WriteOptions());
  return grpc::Status::OK;
}

void HealthService::stop() {
  {
    const std::lock_guard lock(lock_);
    stopped_ = true;
  }
  stopped_now_.notify_all();
}

HealthCheckResponse HealthService::state_of(const std::string& service) {
  HealthCheckResponse response;
  const std::lock_guard lock(lock_);
  response.set_status(!is_served(service) ? HealthCheckResponse::SERVICE_UNKNOWN
                      : stopped_          ? HealthCheckResponse::NOT_SERVING
                                          : HealthCheckResponse::SERVING);
  return response;
}

}  // namespace hpvmnet
