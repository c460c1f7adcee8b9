#include "base/result.h"

#include <cerrno>

#include <gmock/gmock.h>

namespace hpvmnet {
namespace {

TEST(Result, FailureCarriesItsCodeAndText) {
  const Status status = fail(ErrorCode::not_found, "there is no vswitch 'blue'");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error(), (Error{ErrorCode::not_found, "there is no vswitch 'blue'"}));
}

TEST(Result, FailureOfTheSystemNamesWhatAndWhy) {
  const Status status = system_failure("cannot open /dev/net/tun", EACCES);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::internal);
  EXPECT_THAT(status.error().text, testing::StartsWith("cannot open /dev/net/tun"));
  EXPECT_THAT(status.error().text, testing::HasSubstr("Permission denied"));
}

}  // namespace
}  // namespace hpvmnet
