#include "multicast/ip_address.h"

#include <gtest/gtest.h>

#include "unit/multicast/packets.h"

namespace hpvmnet::multicast {
namespace {

TEST(IpAddress, TellsGroupsFromOthers) {
  for (const char* group : {"224.0.0.1", "239.255.255.255", "ff02::1", "ff0e::abcd"}) {
    EXPECT_TRUE(ip(group).is_group()) << group;
  }
  for (const char* other : {"223.255.255.255", "240.0.0.0", "fe80::1", "::", "0.0.0.0"}) {
    EXPECT_FALSE(ip(other).is_group()) << other;
  }
}

// RFC 1112, clause 6.4; RFC 2464, clause 7.
TEST(IpAddress, HasAnEthernetAddressForAGroup) {
  EXPECT_EQ(ip("224.0.0.1").mac(), 0x01'00'5e'00'00'01u);
  EXPECT_EQ(ip("239.129.2.3").mac(), 0x01'00'5e'01'02'03u);
  EXPECT_EQ(ip("ff02::1:ff12:3456").mac(), 0x33'33'ff'12'34'56u);
}

TEST(IpAddress, KnowsUnspecifiedAndLinkLocalOnes) {
  EXPECT_TRUE(ip("0.0.0.0").is_unspecified());
  EXPECT_TRUE(ip("::").is_unspecified());
  EXPECT_FALSE(ip("10.0.0.1").is_unspecified());
  EXPECT_TRUE(ip("fe80::1").is_link_local());
  EXPECT_TRUE(ip("febf::1").is_link_local());
  EXPECT_FALSE(ip("fec0::1").is_link_local());
  EXPECT_FALSE(ip("10.0.0.1").is_link_local());
}

TEST(IpAddress, IsWrittenAsUsersDo) {
  for (const char* text : {"239.1.2.3", "ff0e::abcd", "::"}) EXPECT_EQ(ip(text).text(), text);
  EXPECT_EQ(ip("10.0.0.1").bytes().size(), 4u);
  EXPECT_EQ(ip("fe80::1").bytes().size(), 16u);
}

}  // namespace
}  // namespace hpvmnet::multicast
