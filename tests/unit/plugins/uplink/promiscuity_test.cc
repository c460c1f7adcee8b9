#include "uplink/promiscuity.h"

#include <gmock/gmock.h>

namespace hpvmnet::uplink {
namespace {

TEST(Promiscuity, SaysWhatItsFailureMeans) {
  const auto refused = make_promiscuous(-1);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().text,
              testing::StartsWith(
                  "cannot make the interface promiscuous, so it takes no frames for guests: "));
}

}  // namespace
}  // namespace hpvmnet::uplink
