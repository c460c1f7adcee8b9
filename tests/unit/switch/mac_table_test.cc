#include "switch/mac_table.h"

#include <random>
#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace hpvmnet {
namespace {

constexpr std::uint64_t kAlice = 0x02'00'00'00'00'01;
constexpr std::uint64_t kBob = 0x02'00'00'00'00'02;
constexpr std::uint64_t kSeed = 0x9e37'79b9'7f4a'7c15;

class MacTableTest : public testing::Test {
 protected:
  std::uint16_t find(std::uint64_t mac, std::uint32_t now, Domain domain = kNoVlan) {
    return table_.find(table_.key(mac, domain), now);
  }
  void learn(std::uint64_t mac, std::uint16_t port, std::uint32_t now, Domain domain = kNoVlan) {
    table_.learn(table_.key(mac, domain), port, now);
  }

  MacTable table_{kSeed};
};

TEST_F(MacTableTest, FindsAStationBehindThePortWhereItWasSeen) {
  EXPECT_EQ(find(kAlice, 0), MacTable::kUnknown);
  learn(kAlice, 7, 0);
  EXPECT_EQ(find(kAlice, 0), 7);
  EXPECT_EQ(find(kBob, 0), MacTable::kUnknown);
  EXPECT_EQ(table_.size(), 1u);
}

TEST_F(MacTableTest, FollowsAStationThatMoves) {
  learn(kAlice, 7, 0);
  learn(kAlice, 9, 0);
  EXPECT_EQ(find(kAlice, 0), 9);
  EXPECT_EQ(table_.size(), 1u);
}

TEST_F(MacTableTest, KeepsDomainsApart) {
  learn(kAlice, 1, 0, 10);
  learn(kAlice, 2, 0, 20);
  EXPECT_EQ(find(kAlice, 0, 10), 1);
  EXPECT_EQ(find(kAlice, 0, 20), 2);
  EXPECT_EQ(find(kAlice, 0), MacTable::kUnknown);
}

TEST_F(MacTableTest, ForgetsAStationThatWasSilentForTheAgeingTime) {
  learn(kAlice, 1, 1000);
  EXPECT_EQ(find(kAlice, 1000 + MacTable::kDefaultAgeing), 1);
  EXPECT_EQ(find(kAlice, 1001 + MacTable::kDefaultAgeing), MacTable::kUnknown);
}

TEST_F(MacTableTest, AStationThatSpeaksStaysYoung) {
  learn(kAlice, 1, 1000);
  learn(kAlice, 1, 1200);
  EXPECT_EQ(find(kAlice, 1200 + MacTable::kDefaultAgeing), 1);
}

TEST_F(MacTableTest, AWorkersClockThatIsASecondBehindDoesNotAgeAnything) {
  learn(kAlice, 1, 1000);
  EXPECT_EQ(find(kAlice, 999), 1);
}

TEST_F(MacTableTest, SweepRemovesTheAgedAndOnlyThem) {
  learn(kAlice, 1, 0);
  learn(kBob, 2, 200);
  table_.sweep(MacTable::kDefaultAgeing + 1);
  EXPECT_EQ(table_.size(), 1u);
  EXPECT_EQ(find(kBob, 400), 2);
}

TEST_F(MacTableTest, FlushRemovesTheStationsOfOnePort) {
  learn(kAlice, 1, 0);
  learn(kBob, 2, 0);
  table_.flush(1);
  EXPECT_EQ(find(kAlice, 0), MacTable::kUnknown);
  EXPECT_EQ(find(kBob, 0), 2);
  EXPECT_EQ(table_.size(), 1u);
}

TEST_F(MacTableTest, ListsWhatItKnows) {
  learn(kAlice, 1, 10, 30);
  const std::vector<MacTable::Entry> entries = table_.list(15);
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].mac, MacAddress(kAlice));
  EXPECT_EQ(entries[0].domain, 30);
  EXPECT_EQ(entries[0].port, 1);
  EXPECT_EQ(entries[0].age, 5u);
}

TEST_F(MacTableTest, HoldsTwoHundredThousandStations) {
  constexpr std::uint64_t kStations = 200'000;
  for (std::uint64_t i = 0; i < kStations; ++i) {
    learn(kAlice + i, static_cast<std::uint16_t>(i % 2), 0);
  }
  std::uint64_t found = 0;
  for (std::uint64_t i = 0; i < kStations; ++i) found += find(kAlice + i, 0) == i % 2;
  EXPECT_EQ(found, kStations);
}

TEST_F(MacTableTest, AGuestThatInventsAddressesLosesItsOwnOnly) {
  constexpr std::uint16_t kHonest = 1;
  constexpr std::uint16_t kHostile = 2;
  constexpr std::uint64_t kHonestStations = 100;
  for (std::uint64_t i = 0; i < kHonestStations; ++i) learn(kAlice + i, kHonest, 0);
  std::mt19937_64 random(1);
  for (std::size_t i = 0; i < 3 * MacTable::kCapacity; ++i) {
    learn(random() & 0xfeff'ffff'ffff, kHostile, 0);
  }
  EXPECT_LE(table_.size(), MacTable::kCapacity);
  EXPECT_GT(table_.size(), MacTable::kCapacity * 9 / 10);
  for (std::uint64_t i = 0; i < kHonestStations; ++i) EXPECT_EQ(find(kAlice + i, 0), kHonest);
  // ... and an honest guest that comes later still gets its place.
  for (std::uint64_t i = 0; i < kHonestStations; ++i) learn(kBob + (i << 20), 3, 0);
  for (std::uint64_t i = 0; i < kHonestStations; ++i) EXPECT_EQ(find(kBob + (i << 20), 0), 3);
}

TEST_F(MacTableTest, ManyWorkersLearnAndFindAtOnceWhileTheTableIsFlushed) {
  constexpr std::uint64_t kStations = 2000;
  std::atomic<bool> wrong{false};
  std::vector<std::thread> workers;
  for (std::uint16_t port = 0; port < 2; ++port) {
    workers.emplace_back([&, port] {
      for (std::uint32_t round = 0; round < 50; ++round) {
        for (std::uint64_t i = 0; i < kStations; ++i) {
          const std::uint64_t mac = kAlice + (i << 8) + port;
          learn(mac, port, round);
          const std::uint16_t found = find(mac, round);
          if (found != port && found != MacTable::kUnknown) wrong = true;
        }
      }
    });
  }
  for (int i = 0; i < 50; ++i) {
    table_.flush(static_cast<std::uint16_t>(i % 2));
    table_.sweep(static_cast<std::uint32_t>(i));
  }
  for (std::thread& worker : workers) worker.join();
  EXPECT_FALSE(wrong);
  table_.flush(0);
  table_.flush(1);
  EXPECT_EQ(table_.size(), 0u);
}

}  // namespace
}  // namespace hpvmnet
