#include "rpc/errors.h"

namespace hpvmnet {
namespace {

struct Translation {
  grpc::StatusCode code;
  const char* name;  // for programs; the enumerator
};

Translation translate(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument:
      return {grpc::StatusCode::INVALID_ARGUMENT, "invalid_argument"};
    case ErrorCode::not_found:
      return {grpc::StatusCode::NOT_FOUND, "not_found"};
    case ErrorCode::already_exists:
      return {grpc::StatusCode::ALREADY_EXISTS, "already_exists"};
    case ErrorCode::failed_precondition:
      return {grpc::StatusCode::FAILED_PRECONDITION, "failed_precondition"};
    case ErrorCode::permission_denied:
      return {grpc::StatusCode::PERMISSION_DENIED, "permission_denied"};
    case ErrorCode::resource_exhausted:
      return {grpc::StatusCode::RESOURCE_EXHAUSTED, "resource_exhausted"};
    case ErrorCode::unavailable:
      return {grpc::StatusCode::UNAVAILABLE, "unavailable"};
    case ErrorCode::internal:
      break;
  }
  return {grpc::StatusCode::INTERNAL, "internal"};
}

}  // namespace

const char* error_name(ErrorCode code) { return translate(code).name; }

grpc::Status to_grpc(const Error& error, grpc::ServerContextBase& context) {
  const auto [code, name] = translate(error.code);
  context.AddTrailingMetadata(kErrorCodeMetadata, name);
  return {code, error.text};
}

}  // namespace hpvmnet
