#include "rpc/errors.h"

#include <utility>

#include <gmock/gmock.h>

namespace hpvmnet {
namespace {

using grpc::StatusCode;

TEST(Errors, EachHasItsOwnCodeAndKeepsItsText) {
  const std::pair<ErrorCode, StatusCode> rows[] = {
      {ErrorCode::invalid_argument, StatusCode::INVALID_ARGUMENT},
      {ErrorCode::not_found, StatusCode::NOT_FOUND},
      {ErrorCode::already_exists, StatusCode::ALREADY_EXISTS},
      {ErrorCode::failed_precondition, StatusCode::FAILED_PRECONDITION},
      {ErrorCode::permission_denied, StatusCode::PERMISSION_DENIED},
      {ErrorCode::resource_exhausted, StatusCode::RESOURCE_EXHAUSTED},
      {ErrorCode::unavailable, StatusCode::UNAVAILABLE},
      {ErrorCode::internal, StatusCode::INTERNAL},
  };
  for (const auto& [code, expected] : rows) {
    grpc::ServerContext context;
    const grpc::Status status = to_grpc({code, "vswitch \"blue\": no"}, context);
    EXPECT_EQ(status.error_code(), expected);
    EXPECT_EQ(status.error_message(), "vswitch \"blue\": no");
  }
}

}  // namespace
}  // namespace hpvmnet
