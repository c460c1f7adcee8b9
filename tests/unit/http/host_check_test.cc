#include "http/host_check.h"

#include <gtest/gtest.h>

namespace hpvmnet {
namespace {

TEST(HostCheck, NumbersLocalhostAndTheHostsOwnNameAreThisHost) {
  for (const char* host : {"127.0.0.1", "127.0.0.1:9180", "192.0.2.1:9180", "[::1]", "[::1]:9180",
                           "localhost", "LocalHost:9180", "box", "Box:9180"}) {
    EXPECT_TRUE(names_this_host(host, "box")) << host;
  }
}

TEST(HostCheck, OtherNamesAreNot) {
  for (const char* host :
       {"", ":", ":9180", "evil.example", "evil.example:9180", "box.evil.example",
        "localhost.evil.example", "127.0.0.1.evil.example", "::1", "[::1", "[evil]", "0x7f.1"}) {
    EXPECT_FALSE(names_this_host(host, "box")) << host;
    EXPECT_FALSE(names_this_host(host, "")) << host;
  }
}

}  // namespace
}  // namespace hpvmnet
