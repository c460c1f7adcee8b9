#include "frame/flow_hash.h"

#include <algorithm>
#include <array>
#include <vector>

#include <gtest/gtest.h>

namespace hpvmnet {
namespace {

using Bytes = std::vector<std::byte>;

struct Ends {
  unsigned source;
  unsigned destination;
};

// What a frame carries; addresses and ports follow from small numbers.
struct Packet {
  bool ipv6 = false;
  unsigned protocol = 6;
  Ends mac = {1, 2};
  Ends ip = {3, 4};
  Ends port = {5, 6};
  unsigned tags = 0;
  unsigned fragment = 0;
};

Packet reversed(Packet packet) {
  for (Ends* ends : {&packet.mac, &packet.ip, &packet.port}) {
    std::swap(ends->source, ends->destination);
  }
  return packet;
}

Bytes bytes_of(const Packet& packet) {
  Bytes bytes;
  const auto add = [&](std::initializer_list<unsigned> values) {
    for (const unsigned value : values) bytes.push_back(static_cast<std::byte>(value));
  };
  add({2, 0, 0, 0, 0, packet.mac.destination, 2, 0, 0, 0, 0, packet.mac.source});
  for (unsigned i = 0; i < packet.tags; ++i) add({0x81, 0, 0, 7});
  if (packet.ipv6) {
    add({0x86, 0xdd, 0x60, 0, 0, 0, 0, 20, packet.protocol, 64});
    for (const unsigned end : {packet.ip.source, packet.ip.destination}) {
      add({0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, end});
    }
  } else {
    add({0x08, 0, 0x45, 0, 0, 40, 0, 0, packet.fragment >> 8, packet.fragment & 0xff, 64,
         packet.protocol, 0, 0});
    for (const unsigned end : {packet.ip.source, packet.ip.destination}) add({10, 0, 0, end});
  }
  add({0, packet.port.source, 0, packet.port.destination});
  bytes.resize(std::max<std::size_t>(bytes.size(), 60));
  return bytes;
}

std::uint32_t hash(const Bytes& bytes) {
  Frame frame;
  std::ranges::copy(bytes, frame.head.begin());
  frame.set_contiguous(static_cast<std::uint32_t>(bytes.size()), nullptr);
  return flow_hash(frame);
}
std::uint32_t hash(const Packet& packet) { return hash(bytes_of(packet)); }

TEST(FlowHash, IsTheSameInBothDirections) {
  for (const bool ipv6 : {false, true}) {
    for (const unsigned protocol : {1U, 6U, 17U}) {
      for (const unsigned tags : {0U, 1U, 2U}) {
        const Packet packet{.ipv6 = ipv6, .protocol = protocol, .tags = tags};
        EXPECT_EQ(hash(packet), hash(reversed(packet)));
      }
    }
  }
}

TEST(FlowHash, DependsOnAddressesAndPorts) {
  for (const bool ipv6 : {false, true}) {
    const Packet packet{.ipv6 = ipv6};
    EXPECT_NE(hash(packet), hash(Packet{.ipv6 = ipv6, .ip = {3, 9}}));
    EXPECT_NE(hash(packet), hash(Packet{.ipv6 = ipv6, .port = {5, 9}}));
    EXPECT_EQ(hash(packet), hash(Packet{.ipv6 = ipv6, .mac = {7, 8}})) << "routers change them";
  }
}

TEST(FlowHash, TagsDoNotMatter) {
  EXPECT_EQ(hash(Packet{}), hash(Packet{.tags = 1}));
  EXPECT_EQ(hash(Packet{}), hash(Packet{.tags = 2}));
}

TEST(FlowHash, FragmentsStayTogether) {
  const Packet first{.port = {5, 6}, .fragment = 0x2000};
  const Packet last{.port = {77, 78}, .fragment = 0x00b9};
  EXPECT_EQ(hash(first), hash(last));
}

TEST(FlowHash, OtherProtocolsHaveNoPorts) {
  EXPECT_EQ(hash(Packet{.protocol = 1}), hash(Packet{.protocol = 1, .port = {8, 9}}));
}

TEST(FlowHash, FramesWithoutIpGoByEthernetAddresses) {
  Bytes arp = bytes_of({});
  arp[12] = std::byte{0x08};
  arp[13] = std::byte{0x06};
  Bytes other = arp;
  other[5] = std::byte{9};
  EXPECT_NE(hash(arp), hash(other));
  EXPECT_EQ(hash(Bytes(13)), hash(Bytes(5))) << "runts have no addresses";
}

TEST(FlowHash, SpreadsFlowsEvenly) {
  std::array<unsigned, 16> queues{};
  constexpr unsigned kFlows = 4096;
  for (unsigned i = 0; i < kFlows; ++i) {
    const Packet packet{.ip = {i / 256, 4}, .port = {i % 256, 6}};
    ++queues[hash(packet) * std::uint64_t{queues.size()} >> 32];
  }
  for (const unsigned flows : queues) {
    EXPECT_GT(flows, kFlows / queues.size() * 3 / 4);
    EXPECT_LT(flows, kFlows / queues.size() * 5 / 4);
  }
}

}  // namespace
}  // namespace hpvmnet
