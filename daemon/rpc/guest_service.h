#pragma once

#include "hpvmnet/v1/guest.grpc.pb.h"
#include "rpc/gate.h"

namespace hpvmnet {

/// Serves hpvmnet.v1.GuestService. The gate outlives it.
class GuestService final : public v1::GuestService::Service {
 public:
  explicit GuestService(Gate& gate) : gate_(gate) {}

  grpc::Status ListGuests(grpc::ServerContext* context, const v1::ListGuestsRequest* request,
                          v1::ListGuestsResponse* response) override;
  grpc::Status GetGuest(grpc::ServerContext* context, const v1::GetGuestRequest* request,
                        v1::Guest* response) override;
  grpc::Status CreateGuest(grpc::ServerContext* context, const v1::CreateGuestRequest* request,
                           v1::Guest* response) override;
  grpc::Status CloneGuest(grpc::ServerContext* context, const v1::CloneGuestRequest* request,
                          v1::Guest* response) override;
  grpc::Status ModifyGuest(grpc::ServerContext* context, const v1::ModifyGuestRequest* request,
                           v1::Guest* response) override;
  grpc::Status RemoveGuest(grpc::ServerContext* context, const v1::RemoveGuestRequest* request,
                           v1::RemoveGuestResponse* response) override;
  grpc::Status DescribeAttachment(grpc::ServerContext* context,
                                  const v1::DescribeAttachmentRequest* request,
                                  v1::DescribeAttachmentResponse* response) override;

 private:
  Gate& gate_;
};

}  // namespace hpvmnet
