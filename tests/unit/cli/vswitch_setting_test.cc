#include "cli/commands/vswitch_setting.h"

#include <gmock/gmock.h>

namespace hpvmnet::cli {
namespace {

TEST(VswitchSetting, IsToldFromAPortsSetting) {
  EXPECT_TRUE(is_vswitch_setting("multicast:flood"));
  EXPECT_TRUE(is_vswitch_setting("multicast"));
  EXPECT_TRUE(is_vswitch_setting("filters:portid:3"));
  EXPECT_FALSE(is_vswitch_setting("portid:3:vlanid:multicast"));
  EXPECT_FALSE(is_vswitch_setting(""));
}

v1::Vswitch::Multicast policy_of(const std::string& text) {
  return std::get<v1::Vswitch::Multicast>(parse_vswitch_setting(text).value());
}

TEST(VswitchSetting, Policies) {
  EXPECT_EQ(policy_of("multicast:flood"), v1::Vswitch::MULTICAST_FLOOD);
  EXPECT_EQ(policy_of("multicast:snoop"), v1::Vswitch::MULTICAST_SNOOP);
  EXPECT_EQ(policy_of("multicast:strict"), v1::Vswitch::MULTICAST_STRICT);
}

TEST(VswitchSetting, Mistakes) {
  for (const auto& [text, column] :
       {std::pair("multicast", "10"), std::pair("multicast:", "11"),
        std::pair("multicast:Flood", "11"), std::pair("multicast:flood:", "17"),
        std::pair("filters", "column 8"), std::pair("filters:", "column 9"),
        std::pair("filters:a,", "column 11"), std::pair("filters:,a", "column 9"),
        std::pair("filters:(x)", "column 9"), std::pair("filters:a(x", "column 10"),
        std::pair("filters:a)", "column 10"), std::pair("filters:a(x)b", "column 13"),
        std::pair("filters:a(x))", "column 13")}) {
    const auto setting = parse_vswitch_setting(text);
    ASSERT_FALSE(setting) << text;
    EXPECT_THAT(setting.error().text, testing::HasSubstr(column)) << text;
  }
}

}  // namespace
}  // namespace hpvmnet::cli
