#include "multicast/message.h"

#include <random>

#include <gtest/gtest.h>

#include "unit/multicast/packets.h"

namespace hpvmnet::multicast {
namespace {

using namespace std::chrono_literals;
using Change = Report::Change;

std::optional<std::vector<Change>> changes(const Bytes& frame) {
  const auto message = read_message(frame);
  if (!message || !std::holds_alternative<Report>(*message)) return std::nullopt;
  return std::get<Report>(*message).changes;
}

std::optional<Query> query(const Bytes& frame) {
  const auto message = read_message(frame);
  if (!message || !std::holds_alternative<Query>(*message)) return std::nullopt;
  return std::get<Query>(*message);
}

const Sender kHost6{.source = "fe80::9"};
using Changes = std::vector<Change>;

// RFC 2236, clause 2, and RFC 1112, appendix I.
TEST(Message, ReadsTheOlderVersionsOfIgmp) {
  for (const unsigned type : {0x12u, 0x16u}) {
    EXPECT_EQ(changes(Sender().igmp(bytes({type, 0, 0, 0, 239, 1, 2, 3}))),
              (Changes{{ip("239.1.2.3"), true}}));
  }
  EXPECT_EQ(changes(Sender().igmp(bytes({0x17, 0, 0, 0, 239, 1, 2, 3}))),
            (Changes{{ip("239.1.2.3"), false}}));
}

// RFC 2710, clause 3.
TEST(Message, ReadsTheOlderVersionOfMld) {
  const Bytes rest = bytes({0, 0, 0, 0, 0, 0, 0}) + of(ip("ff0e::7"));
  EXPECT_EQ(changes(kHost6.mld(bytes({131}) + rest)), (Changes{{ip("ff0e::7"), true}}));
  EXPECT_EQ(changes(kHost6.mld(bytes({132}) + rest)), (Changes{{ip("ff0e::7"), false}}));
}

struct Record {
  unsigned type;
  unsigned sources;
  unsigned auxiliary;  // words
  std::optional<bool> wanted;
};
const std::vector<Record>& records() {  // RFC 3376, clause 4.2.12
  static const std::vector<Record> all{{1, 0, 0, false}, {1, 2, 0, true},  {2, 0, 0, true},
                                       {2, 3, 1, true},  {3, 0, 2, false}, {3, 1, 0, true},
                                       {4, 0, 0, true},  {5, 1, 0, true},  {6, 1, 0, {}},
                                       {9, 0, 0, {}},    {4, 1, 3, true}};
  return all;
}

Bytes record(const Record& record, const IpAddress& group) {
  const Bytes sources(group.bytes().size() * record.sources, std::byte{10});
  const Bytes auxiliary(std::size_t{4} * record.auxiliary, std::byte{0xee});
  return bytes({record.type, record.auxiliary, 0, record.sources}) + of(group) + sources +
         auxiliary;
}

TEST(Message, ReadsEveryKindOfRecordOfTheNewerVersions) {
  for (const bool ipv6 : {false, true}) {
    const auto count = static_cast<unsigned>(records().size());
    Bytes message = bytes({ipv6 ? 143u : 0x22u, 0, 0, 0, 0, 0, 0, count});
    Changes expected;
    for (unsigned i = 0; i < count; ++i) {
      const IpAddress group = ip((ipv6 ? "ff0e::" : "239.0.0.") + std::to_string(i + 1));
      message = message + record(records()[i], group);
      if (records()[i].wanted) expected.push_back({group, *records()[i].wanted});
    }
    EXPECT_EQ(changes(ipv6 ? kHost6.mld(message) : Sender().igmp(message)), expected);
  }
}

TEST(Message, ReadsBehindAVlanTag) {
  EXPECT_TRUE(changes(Sender{.tagged = true}.igmp(bytes({0x16, 0, 0, 0, 239, 1, 2, 3}))));
  EXPECT_FALSE(changes(Sender{.tagged = true}.igmp(bytes({0x16, 0, 0, 0, 10, 1, 2, 3}))));
}

TEST(Message, ReadsQueries) {
  const auto older = query(Sender().igmp(bytes({0x11, 100, 0, 0, 0, 0, 0, 0}), "224.0.0.1"));
  ASSERT_TRUE(older);
  EXPECT_FALSE(older->ipv6);
  EXPECT_EQ(older->querier, ip("10.0.0.9"));
  EXPECT_EQ(older->group, std::nullopt);
  EXPECT_EQ(older->response, 10s);
  EXPECT_EQ(query(Sender().igmp(bytes({0x11, 0, 0, 0, 0, 0, 0, 0})))->response, 10s) << "version 1";
  // Mantissa 5, exponent 2: (16 + 5) << 5 tenths.
  const auto newer = query(
      Sender{.source = "0.0.0.0"}.igmp(bytes({0x11, 0xa5, 0, 0, 239, 1, 2, 3, 0x0a, 125, 0, 0})));
  ASSERT_TRUE(newer);
  EXPECT_TRUE(newer->querier.is_unspecified());
  EXPECT_EQ(newer->group, ip("239.1.2.3"));
  EXPECT_EQ(newer->response, 67'200ms);
  EXPECT_TRUE(newer->suppress);
  const auto sixth = query(kHost6.mld(
      bytes({130, 0, 0, 0, 0x03, 0xe8, 0, 0}) + of(ip("::")) + bytes({2, 125, 0, 0}), "ff02::1"));
  ASSERT_TRUE(sixth);
  EXPECT_TRUE(sixth->ipv6);
  EXPECT_EQ(sixth->response, 1s);
  EXPECT_FALSE(sixth->suppress);
}

TEST(Message, ReadsRoutersHellos) {
  Bytes hello = Sender().igmp(bytes({0x20, 0, 0, 0, 0, 0, 0, 0}), "224.0.0.13");
  hello[14 + 9] = std::byte{103};
  const auto message = read_message(hello);
  ASSERT_TRUE(message);
  EXPECT_TRUE(std::holds_alternative<RouterHello>(*message));
}

TEST(Message, RefusesWhatBreaksTheRules) {
  const Bytes report = bytes({0x16, 0, 0, 0, 239, 1, 2, 3});
  EXPECT_TRUE(read_message(Sender().igmp(report)));
  EXPECT_FALSE(read_message(Sender{.lifetime = 2}.igmp(report))) << "from another network";
  EXPECT_FALSE(read_message(Sender{.damaged = true}.igmp(report))) << "checksum";
  EXPECT_FALSE(read_message(Sender().igmp(bytes({0x16, 0, 0, 0, 10, 1, 2, 3})))) << "no group";
  EXPECT_FALSE(read_message(Sender().igmp(bytes({0x13, 0, 0, 0, 239, 1, 2, 3})))) << "other type";
  const Bytes report6 = bytes({131, 0, 0, 0, 0, 0, 0, 0}) + of(ip("ff0e::7"));
  EXPECT_TRUE(read_message(kHost6.mld(report6)));
  EXPECT_FALSE(read_message(Sender{.source = "fe80::9", .damaged = true}.mld(report6)));
  EXPECT_FALSE(read_message(Sender{.source = "fe80::9", .lifetime = 64}.mld(report6)));
  const Bytes query6 = bytes({130, 0, 0, 0, 0, 10, 0, 0}) + of(ip("::"));
  EXPECT_TRUE(read_message(kHost6.mld(query6)));
  EXPECT_FALSE(read_message(Sender{.source = "fd00::9"}.mld(query6))) << "not from this link";
}

TEST(Message, TakesAReportAsFarAsItGoes) {
  Bytes message = bytes({0x22, 0, 0, 0, 0, 0, 0, 200});
  for (unsigned i = 0; i < 200; ++i) message = message + bytes({4, 0, 0, 0, 239, 0, 1, i});
  const Bytes frame = Sender().igmp(message);
  EXPECT_EQ(changes(frame)->size(), 200u);
  const std::size_t headers = 14 + 24 + 8;
  for (const std::size_t left : {0u, 1u, 7u, 8u, 9u, 800u}) {
    const auto read =
        changes(Bytes(frame.begin(), frame.begin() + static_cast<long>(headers + left)));
    ASSERT_TRUE(read) << left;
    EXPECT_EQ(read->size(), left / 8);
  }
}

// Whatever comes: nothing is read that is not there (the sanitizers tell).
TEST(Message, SurvivesAnything) {
  std::mt19937_64 random(7);
  const std::vector<Bytes> seeds{
      Sender().igmp(bytes({0x22, 0, 0, 0, 0, 0, 0, 9, 4, 0, 0, 2, 239, 1, 2, 3, 9, 9, 9, 9})),
      Sender{.tagged = true}.igmp(bytes({0x11, 0xa5, 0, 0, 239, 1, 2, 3, 0x0a, 125, 0, 0})),
      kHost6.mld(bytes({143, 0, 0, 0, 0, 0, 0, 1, 4, 0, 0, 0}) + of(ip("ff0e::7"))),
      kHost6.mld(bytes({130, 0, 0, 0, 0, 10, 0, 0}) + of(ip("::")))};
  int read = 0;
  for (int i = 0; i < 200'000; ++i) {
    Bytes frame = seeds[random() % seeds.size()];
    for (auto changed = random() % 4; changed > 0; --changed) {
      frame[random() % frame.size()] = static_cast<std::byte>(random());
    }
    frame.resize(random() % (frame.size() + 1));
    frame.shrink_to_fit();
    if (read_message(frame)) ++read;
  }
  EXPECT_GT(read, 0);
}

}  // namespace
}  // namespace hpvmnet::multicast
