#include "base/vlan_set.h"

#include <gtest/gtest.h>

namespace hpvmnet {
namespace {

std::string again(std::string_view text) {
  const auto set = VlanSet::parse(text);
  return set ? set->text() : "refused";
}

TEST(VlanSet, ReadsIdsAndRangesAndWritesTheFewest) {
  EXPECT_EQ(again("10"), "10");
  EXPECT_EQ(again("10,20-29"), "10,20-29");
  EXPECT_EQ(again("3,2,1,5,5-5"), "1-3,5");
  EXPECT_EQ(again("7-9,8-12"), "7-12");
  EXPECT_EQ(again("1,4094"), "1,4094");
  EXPECT_EQ(again("all"), "all");
  EXPECT_EQ(again("1-4094"), "all");
}

TEST(VlanSet, RefusesWhatIsNoListOfVlans) {
  for (const char* text :
       {"",   ",",  "1,",  ",1",  "0",     "4095", "5-3",       "1--2",        "-2",   "2-",
        " 1", "1 ", "1;2", "ALL", "all,1", "0-5",  "4000-4095", "99999999999", "0x10", "+1"}) {
    EXPECT_EQ(again(text), "refused") << text;
  }
}

TEST(VlanSet, HoldsWhatWasAdded) {
  VlanSet set;
  EXPECT_FALSE(set.any());
  EXPECT_EQ(set.text(), "");
  set.add({10, 12});
  set.add({0, 3});  // not one of VLANs
  EXPECT_TRUE(set.any());
  for (std::uint16_t vlan = 0; vlan < 5000; ++vlan) {
    EXPECT_EQ(set.contains(vlan), vlan >= 10 && vlan <= 12) << vlan;
  }
  EXPECT_EQ(set.ranges(), (std::vector<VlanSet::Range>{{10, 12}}));
}

}  // namespace
}  // namespace hpvmnet
