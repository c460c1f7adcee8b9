#include "base/mac_address.h"

#include <gtest/gtest.h>

namespace hpvmnet {
namespace {

constexpr MacAddress kAddress{0x2a87'145c'f9ed};

TEST(MacAddress, IsWrittenInThreeWays) {
  EXPECT_EQ(kAddress.dashed(), "2a-87-14-5c-f9-ed");
  EXPECT_EQ(kAddress.colons(), "2a:87:14:5c:f9:ed");
  EXPECT_EQ(kAddress.hexadecimal(), "0x2A87145CF9ED");
  EXPECT_EQ(MacAddress(1).dashed(), "00-00-00-00-00-01");
}

TEST(MacAddress, IsReadAsItIsWritten) {
  for (const char* text :
       {"2a-87-14-5c-f9-ed", "2A:87:14:5C:F9:ED", "0x2a87145cf9ed", "0x2A87145CF9ED"}) {
    EXPECT_EQ(MacAddress::parse(text), kAddress) << text;
  }
}

TEST(MacAddress, IsNotReadFromOtherText) {
  for (const char* text :
       {"", "0x", "2a87145cf9ed", "0x2a87145cf9e", "0x2a87145cf9ed0", "2a-87-14-5c-f9",
        "2a-87-14-5c-f9-ed-", "2a-87:14-5c-f9-ed", "2a-87-14-5c-f9-eg", "2a.87.14.5c.f9.ed",
        " 2a-87-14-5c-f9-ed", "2a-87-14-5c-f9-ed ", "-2-87-14-5c-f9-ed", "0x-a87145cf9ed"}) {
    EXPECT_EQ(MacAddress::parse(text), std::nullopt) << text;
  }
}

TEST(MacAddress, KnowsGroupsAndLocalOnes) {
  EXPECT_FALSE(kAddress.is_group());
  EXPECT_TRUE(kAddress.is_locally_administered());
  EXPECT_TRUE(MacAddress(0x0100'5e00'0001).is_group());
  EXPECT_TRUE(MacAddress(0xffff'ffff'ffff).is_group());
  EXPECT_FALSE(MacAddress(0x001b'2100'0001).is_locally_administered());
  EXPECT_TRUE(MacAddress().is_zero());
}

TEST(MacAddress, TakesTheLow48Bits) { EXPECT_EQ(MacAddress(0xffff'2a87'145c'f9ed), kAddress); }

}  // namespace
}  // namespace hpvmnet
