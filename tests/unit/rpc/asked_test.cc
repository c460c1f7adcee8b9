#include "rpc/asked.h"

#include <gtest/gtest.h>

#include "hpvmnet/v1/vswitch.pb.h"

namespace hpvmnet {
namespace {

TEST(AskedTest, AddressesAreThoseThatPeopleWrite) {
  EXPECT_EQ(peer_address("ipv4:192.0.2.1:5000"), "192.0.2.1:5000");
  EXPECT_EQ(peer_address("ipv6:%5B2001:db8::1%5D:5000"), "[2001:db8::1]:5000");
  EXPECT_EQ(peer_address("ipv6:%5Bfe80::1%253%5D:5000"), "[fe80::1%3]:5000");
  EXPECT_EQ(peer_address("ipv6:100%"), "100%");
  EXPECT_EQ(peer_address("unix:"), "");
}

TEST(AskedTest, MethodAndRequestAreInShortForm) {
  const grpc::ServerContext context;
  v1::CreateVswitchRequest request;
  request.set_name("blue \"one\"\n");
  const Asked call = asked(context, request);
  EXPECT_EQ(call.method, "CreateVswitch");
  EXPECT_EQ(call.request, R"(name: "blue \"one\"\n")");
}

TEST(AskedTest, WhatAClientMakesUpIsNotShown) {
  const grpc::ServerContext context;
  v1::CreateVswitchRequest request;
  request.ParseFromString("xxxx");  // fields of no contract
  EXPECT_EQ(asked(context, request).request, "");
  request.set_name(std::string(5000, 'x'));
  EXPECT_EQ(asked(context, request).request, "(5007 bytes)");
}

}  // namespace
}  // namespace hpvmnet
