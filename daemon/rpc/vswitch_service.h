#pragma once

#include "hpvmnet/v1/vswitch.grpc.pb.h"
#include "rpc/gate.h"

namespace hpvmnet {

/// Serves hpvmnet.v1.VswitchService. The gate outlives it.
class VswitchService final : public v1::VswitchService::Service {
 public:
  explicit VswitchService(Gate& gate) : gate_(gate) {}

  grpc::Status ListVswitches(grpc::ServerContext* context, const v1::ListVswitchesRequest* request,
                             v1::ListVswitchesResponse* response) override;
  grpc::Status GetVswitch(grpc::ServerContext* context, const v1::GetVswitchRequest* request,
                          v1::Vswitch* response) override;
  grpc::Status CreateVswitch(grpc::ServerContext* context, const v1::CreateVswitchRequest* request,
                             v1::Vswitch* response) override;
  grpc::Status CloneVswitch(grpc::ServerContext* context, const v1::CloneVswitchRequest* request,
                            v1::Vswitch* response) override;
  grpc::Status ClearCounters(grpc::ServerContext* context, const v1::ClearCountersRequest* request,
                             v1::Vswitch* response) override;
  grpc::Status BootVswitch(grpc::ServerContext* context, const v1::BootVswitchRequest* request,
                           v1::Vswitch* response) override;
  grpc::Status HaltVswitch(grpc::ServerContext* context, const v1::HaltVswitchRequest* request,
                           v1::Vswitch* response) override;
  grpc::Status DeleteVswitch(grpc::ServerContext* context, const v1::DeleteVswitchRequest* request,
                             v1::DeleteVswitchResponse* response) override;
  grpc::Status SetPortTrunk(grpc::ServerContext* context, const v1::SetPortTrunkRequest* request,
                            v1::Port* response) override;
  grpc::Status SetVswitchBacking(grpc::ServerContext* context,
                                 const v1::SetVswitchBackingRequest* request,
                                 v1::Vswitch* response) override;
  grpc::Status ResetVswitch(grpc::ServerContext* context, const v1::ResetVswitchRequest* request,
                            v1::Vswitch* response) override;
  grpc::Status SetVswitchMulticast(grpc::ServerContext* context,
                                   const v1::SetVswitchMulticastRequest* request,
                                   v1::Vswitch* response) override;
  grpc::Status SetVswitchMirror(grpc::ServerContext* context,
                                const v1::SetVswitchMirrorRequest* request,
                                v1::Vswitch* response) override;
  grpc::Status SetVswitchFilters(grpc::ServerContext* context,
                                 const v1::SetVswitchFiltersRequest* request,
                                 v1::Vswitch* response) override;
  grpc::Status SetPortQueuePairs(grpc::ServerContext* context,
                                 const v1::SetPortQueuePairsRequest* request,
                                 v1::Port* response) override;
  grpc::Status SetPortRings(grpc::ServerContext* context, const v1::SetPortRingsRequest* request,
                            v1::Port* response) override;
  grpc::Status SetPort(grpc::ServerContext* context, const v1::SetPortRequest* request,
                       v1::Port* response) override;
  grpc::Status SetPortVlan(grpc::ServerContext* context, const v1::SetPortVlanRequest* request,
                           v1::Port* response) override;
  grpc::Status ListMacAddresses(grpc::ServerContext* context,
                                const v1::ListMacAddressesRequest* request,
                                grpc::ServerWriter<v1::MacAddressEntry>* writer) override;

 private:
  template <class Request>
  grpc::Status set_up(grpc::ServerContext& context, const Request& request, bool up,
                      v1::Vswitch& response);
  template <class Request, class Set>
  grpc::Status set_port(grpc::ServerContext& context, const Request& request, Set set,
                        v1::Port& response);

  Gate& gate_;
};

}  // namespace hpvmnet
