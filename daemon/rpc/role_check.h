#pragma once

#include <grpcpp/security/auth_metadata_processor.h>

#include "rpc/callers.h"

namespace hpvmnet {

/// Turns away every call, whatever its service, of a client whose certificate has no role.
class RoleCheck : public grpc::AuthMetadataProcessor {
 public:
  /// `callers` outlives it.
  explicit RoleCheck(const RemoteCallers& callers) : callers_(callers) {}

  bool IsBlocking() const override { return false; }
  grpc::Status Process(const InputMetadata& metadata, grpc::AuthContext* client,
                       OutputMetadata* consumed, OutputMetadata* response) override;

 private:
  const RemoteCallers& callers_;
};

}  // namespace hpvmnet
