#include "multicast/write_query.h"

#include <gtest/gtest.h>

#include "frame/vlan_tag.h"
#include "unit/multicast/packets.h"

namespace hpvmnet::multicast {
namespace {

using namespace std::chrono_literals;

Bytes destination_of(const Bytes& frame) { return {frame.begin(), frame.begin() + 6}; }

Query read_back(const Query& query, Domain domain = kNoVlan) {
  const auto message = read_message(write_query(query, domain));
  if (!message) throw std::runtime_error("it is no message");
  return std::get<Query>(*message);
}

TEST(WriteQuery, AsksInBothFamiliesForAllGroupsOrOne) {
  for (const auto* group : {"", "239.1.2.3", "ff0e::7"}) {
    for (const bool ipv6 : {false, true}) {
      Query query{.ipv6 = ipv6, .response = 1s};
      if (*group != 0) query.group = ip(group);
      if (query.group && query.group->is_ipv4() == ipv6) continue;
      const Query read = read_back(query);
      EXPECT_EQ(read.ipv6, ipv6);
      EXPECT_EQ(read.group, query.group);
      EXPECT_EQ(read.response, 1s);
      EXPECT_FALSE(read.suppress);
      EXPECT_EQ(read.querier, ipv6 ? ip("fe80::48:50ff:fe56:4d01") : ip("0.0.0.0"));
    }
  }
}

TEST(WriteQuery, GoesToTheGroup) {
  const auto all = write_query({.response = 10s}, kNoVlan);
  EXPECT_EQ(destination_of(all), bytes({0x01, 0, 0x5e, 0, 0, 1}));
  const auto one = write_query({.ipv6 = true, .group = ip("ff0e::7"), .response = 1s}, kNoVlan);
  EXPECT_EQ(destination_of(one), bytes({0x33, 0x33, 0, 0, 0, 7}));
}

TEST(WriteQuery, HasTheTagOfItsVlanAndTheShortestFramesLength) {
  const auto frame = write_query({.response = 10s}, 20);
  EXPECT_EQ(frame.size(), 60u);
  EXPECT_EQ(read_vlan(frame.data()), 20);
  EXPECT_FALSE(read_back({.response = 10s}, 20).group);
}

// The checksum of the header is the receivers' to check, not read_message()'s.
TEST(WriteQuery, HasARightIpv4Header) {
  const auto frame = write_query({.response = 10s}, kNoVlan);
  Checksum sum;
  sum.add(std::span(frame).subspan(14, 24));
  EXPECT_EQ(sum.fold(), 0xffff);
}

}  // namespace
}  // namespace hpvmnet::multicast
