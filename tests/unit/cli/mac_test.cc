#include "cli/mac.h"

#include <gtest/gtest.h>

namespace hpvmnet::cli {
namespace {

TEST(Mac, BothFormsAreTheSameAddress) {
  const auto dashed = Mac::parse("2a-87-14-5c-f9-ed");
  ASSERT_TRUE(dashed);
  EXPECT_EQ(Mac::parse("0x2a87145cf9ed"), dashed);
  EXPECT_EQ(Mac::parse("0X2A87145CF9ED"), dashed);
  EXPECT_EQ(Mac::parse("2A-87-14-5C-F9-ED"), dashed);
}

TEST(Mac, IsPrintedInBothForms) {
  EXPECT_EQ(Mac::parse("0x02000000000f")->dashed(), "02-00-00-00-00-0f");
  EXPECT_EQ(Mac::parse("02-00-00-00-00-0f")->hexadecimal(), "0x02000000000F");
}

TEST(Mac, NothingElseIsOne) {
  for (const char* text :
       {"", "0x", "0x2a87145cf9e", "0x2a87145cf9ed0", "0x2a87145cf9eg", "2a87145cf9ed",
        "2a:87:14:5c:f9:ed", "2a-87-14-5c-f9", "2a-87-14-5c-f9-e", "2a-87-14-5c-f9-ed-",
        "2a-87-14-5c-f9-eg", "2a-87-145c-f9-ed-", "-2-87-14-5c-f9-ed", "0x-a87145cf9ed",
        "0x+a87145cf9ed", " 2a-87-14-5c-f9-ed", "0x2a87145cf9 d"}) {
    EXPECT_FALSE(Mac::parse(text)) << text;
  }
}

}  // namespace
}  // namespace hpvmnet::cli
