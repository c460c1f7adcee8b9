#include "base/listen_address.h"

#include <string>

#include <gmock/gmock.h>

namespace hpvmnet {
namespace {

TEST(ListenAddress, APortAloneIsOneOfThisHost) {
  const auto address = ListenAddress::parse("9180");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->text(), "127.0.0.1:9180");
  EXPECT_TRUE(address->is_loopback());
}

TEST(ListenAddress, AddressesAreReadAsTheyAreWritten) {
  for (const char* text : {"127.0.0.1:1", "192.0.2.7:65535", "[::1]:9180", "[2001:db8::1]:0"}) {
    const auto address = ListenAddress::parse(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(address->text(), text);
  }
  EXPECT_EQ(ListenAddress::parse("localhost:80")->text(), "127.0.0.1:80");
}

TEST(ListenAddress, KnowsWhoCanReachIt) {
  for (const char* text : {"127.0.0.1:1", "127.255.0.1:1", "[::1]:1"}) {
    EXPECT_TRUE(ListenAddress::parse(text)->is_loopback()) << text;
  }
  for (const char* text : {"0.0.0.0:1", "[::]:1", "10.0.0.1:1", "[::ffff:127.0.0.1]:1"}) {
    EXPECT_FALSE(ListenAddress::parse(text)->is_loopback()) << text;
  }
}

TEST(ListenAddress, WhatIsNoneIsRefusedWithAnExample) {
  for (const char* text : {"", ":", "host:80", "65536", "-1", "80x", "127.0.0.1:", ":80", "::1:80",
                           "[::1]", "[127.0.0.1]:80:90", "1.2.3:80"}) {
    const auto address = ListenAddress::parse(text);
    ASSERT_FALSE(address) << text;
    EXPECT_THAT(address.error().text, testing::HasSubstr("127.0.0.1:9180")) << text;
  }
}

}  // namespace
}  // namespace hpvmnet
