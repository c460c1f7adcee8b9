#include "rpc/role_check.h"

#include "rpc/asked.h"

namespace hpvmnet {

grpc::Status RoleCheck::Process(const InputMetadata&, grpc::AuthContext* client, OutputMetadata*,
                                OutputMetadata*) {
  const auto access = callers_.access_of(certificate_names(*client));
  if (access) return grpc::Status::OK;
  return {grpc::StatusCode::PERMISSION_DENIED, access.error().text};
}

}  // namespace hpvmnet
