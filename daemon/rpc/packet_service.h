#pragma once

#include "hpvmnet/v1/packet.grpc.pb.h"
#include "rpc/gate.h"

namespace hpvmnet {

/// Serves hpvmnet.v1.PacketService. The gate outlives it.
class PacketService final : public v1::PacketService::Service {
 public:
  explicit PacketService(Gate& gate) : gate_(gate) {}

  grpc::Status Capture(grpc::ServerContext* context, const v1::CaptureRequest* request,
                       grpc::ServerWriter<v1::CaptureBatch>* writer) override;

  grpc::Status Trace(grpc::ServerContext* context, const v1::TraceRequest* request,
                     v1::TraceResponse* response) override;

 private:
  Gate& gate_;
};

}  // namespace hpvmnet
