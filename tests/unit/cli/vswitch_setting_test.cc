#include "cli/commands/vswitch_setting.h"

#include <gmock/gmock.h>

namespace hpvmnet::cli {
namespace {

TEST(VswitchSetting, IsToldFromAPortsSetting) {
  EXPECT_TRUE(is_vswitch_setting("multicast:flood"));
  EXPECT_TRUE(is_vswitch_setting("multicast"));
  EXPECT_FALSE(is_vswitch_setting("portid:3:vlanid:multicast"));
  EXPECT_FALSE(is_vswitch_setting(""));
}

TEST(VswitchSetting, Policies) {
  EXPECT_EQ(*parse_vswitch_setting("multicast:flood"), v1::Vswitch::MULTICAST_FLOOD);
  EXPECT_EQ(*parse_vswitch_setting("multicast:snoop"), v1::Vswitch::MULTICAST_SNOOP);
  EXPECT_EQ(*parse_vswitch_setting("multicast:strict"), v1::Vswitch::MULTICAST_STRICT);
}

TEST(VswitchSetting, Mistakes) {
  for (const auto& [text, column] :
       {std::pair("multicast", "10"), std::pair("multicast:", "11"),
        std::pair("multicast:Flood", "11"), std::pair("multicast:flood:", "17")}) {
    const auto setting = parse_vswitch_setting(text);
    ASSERT_FALSE(setting) << text;
    EXPECT_THAT(setting.error().text, testing::HasSubstr(column)) << text;
  }
}

}  // namespace
}  // namespace hpvmnet::cli
