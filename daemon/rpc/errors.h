#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/status.h>

#include "base/result.h"

namespace hpvmnet {

/// The trailing metadata that names the ErrorCode of every error which the daemon itself answers.
/// Where it is missing, the error comes from the transport.
inline constexpr const char* kErrorCodeMetadata = "hpvmnet-error";

/// What that says of a code: "not_found".
const char* error_name(ErrorCode code);

/// The same refusal in gRPC's terms, with its whole text.
grpc::Status to_grpc(const Error& error, grpc::ServerContextBase& context);

/// Ends a call: with the result in `response`, for which there is a to_proto(), or its error.
template <class T, class Response>
grpc::Status respond(grpc::ServerContext& context, const Result<T>& result, Response& response) {
  if (!result) return to_grpc(result.error(), context);
  to_proto(*result, response);
  return grpc::Status::OK;
}

/// Ends a call that has nothing to tell.
inline grpc::Status respond(grpc::ServerContext& context, const Status& status) {
  return status ? grpc::Status::OK : to_grpc(status.error(), context);
}

}  // namespace hpvmnet
