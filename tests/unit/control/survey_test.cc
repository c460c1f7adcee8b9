#include "control/survey.h"

#include <gtest/gtest.h>

#include "support/test_switch.h"

namespace hpvmnet {
namespace {

TEST(Survey, SaysWhatIsConfiguredAndHowItFares) {
  test::TestSwitch test_switch({.workers = 2});
  test_switch.add_vswitch("blue");
  ASSERT_TRUE(test_switch.command(
      [](Commands& commands) { return commands.set_vswitch_up({.name = kLocalnet}, false); }));
  const Survey survey =
      test_switch.command([](const Commands& commands) { return commands.survey(); });
  ASSERT_EQ(survey.vswitches.size(), 2U);
  EXPECT_EQ(survey.vswitches[0].name, "blue");
  EXPECT_TRUE(survey.vswitches[0].up);
  EXPECT_EQ(survey.vswitches[1].name, kLocalnet);
  EXPECT_EQ(survey.vswitches[1].number, 1U);
  EXPECT_FALSE(survey.vswitches[1].up);
  EXPECT_TRUE(survey.vnics.empty());
  EXPECT_EQ(survey.workers.size(), 2U);
}

}  // namespace
}  // namespace hpvmnet
