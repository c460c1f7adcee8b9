#include "remote/address.h"

#include <cstring>

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>

namespace hpvmnet {
namespace {

using testing::HasSubstr;

std::string v6(const char* address, std::uint32_t scope = 0) {
  sockaddr_in6 parts{};
  parts.sin6_family = AF_INET6;
  parts.sin6_port = htons(7443);
  parts.sin6_scope_id = scope;
  EXPECT_EQ(::inet_pton(AF_INET6, address, &parts.sin6_addr), 1);
  sockaddr_storage all{};
  std::memcpy(&all, &parts, sizeof parts);
  return to_text(all);
}

TEST(Address, TextsAreThoseThatPeopleWrite) {
  EXPECT_EQ(v6("2001:db8::1"), "[2001:db8::1]:7443");
  EXPECT_EQ(v6("::ffff:192.0.2.1"), "192.0.2.1:7443");
  EXPECT_EQ(v6("fe80::1", 3), "[fe80::1%3]:7443");
}

TEST(Address, ListensOnAFreePort) {
  const auto sockets = listen_on("127.0.0.1:0");
  ASSERT_TRUE(sockets) << sockets.error().text;
  ASSERT_EQ(sockets->size(), 1U);
  sockaddr_storage own{};
  socklen_t size = sizeof own;
  ::getsockname(sockets->front().get(), reinterpret_cast<sockaddr*>(&own), &size);
  const std::string text = to_text(own);
  EXPECT_THAT(text, HasSubstr("127.0.0.1:"));
  const auto again = listen_on(text);
  ASSERT_FALSE(again);
  EXPECT_THAT(again.error().text, HasSubstr("cannot listen on " + text));
}

TEST(Address, MistakesAreTold) {
  for (const char* text :
       {"", "host", ":7443", "host:", "host:x", "host:70000", "1::2:7443", "[]:1"}) {
    const auto sockets = listen_on(text);
    ASSERT_FALSE(sockets) << text;
    EXPECT_THAT(sockets.error().text, HasSubstr("write HOST:PORT"));
  }
}

}  // namespace
}  // namespace hpvmnet
