#include <chrono>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "hostile/arena.h"
#include "hostile/process_watch.h"
#include "hostile/traffic.h"
#include "support/frame_builder.h"
#include "support/switch_process.h"

// A hostile front end costs its own port only. HPVMNET_HOSTILE_SECONDS says for how long all
// attacks are tried, HPVMNET_HOSTILE_SEED repeats a run.
namespace hpvmnet::test {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr unsigned kAttackersPort = 3;
// A port whose guest has blocked its own interrupts gets a descriptor against that, once.
constexpr std::size_t kDescriptorsAllowed = 1;
#ifdef HPVMNET_SANITIZE
constexpr std::uint64_t kGrowthAllowed = 512 << 10;  // kilobytes; sanitizers keep what is freed
constexpr std::size_t kMappingsAllowed = 128;        // and map memory of their own
#else
constexpr std::uint64_t kGrowthAllowed = 12 << 10;  // a MAC table may fill, with 8 megabytes
constexpr std::size_t kMappingsAllowed = 16;
#endif

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::stoull(text);
}

std::uint64_t seed() {
  static const std::uint64_t chosen =
      from_environment("HPVMNET_HOSTILE_SEED", std::random_device()());
  return chosen;
}

class Hostile : public ::testing::Test {
 protected:
  Hostile() { std::cout << "HPVMNET_HOSTILE_SEED=" << seed() << std::endl; }

  // What the switch holds while nobody attacks.
  Holdings rest() {
    std::this_thread::sleep_for(100ms);
    return holdings_of(hub_.id());
  }

  // A guest on the attacked port works as on any other.
  void expect_port_usable() {
    TestGuest guest(hub_.socket(kAttackersPort));
    EXPECT_TRUE(guest.receive(5s).has_value()) << "nothing comes out of the attacked port";
    const Bytes frame = numbered_frame(kBroadcast, test_mac(0x300), 1);
    EXPECT_TRUE(guest.send(frame));
    EXPECT_TRUE(guest.driver().wait_sent(5s)) << "nothing goes into the attacked port";
  }

  void expect_unharmed(const Holdings& before) {
    ASSERT_TRUE(hub_.alive()) << "the switch has died";
    expect_port_usable();
    const std::size_t most_descriptors = before.descriptors + kDescriptorsAllowed;
    Holdings after = rest();
    for (unsigned i = 0; i < 50 && after.descriptors > most_descriptors; ++i) after = rest();
    EXPECT_LE(after.descriptors, most_descriptors) << descriptors_of(hub_.id());
    EXPECT_LE(after.mappings, before.mappings + kMappingsAllowed);
    EXPECT_LE(after.private_kilobytes, before.private_kilobytes + kGrowthAllowed);
    victims_.stop();
    EXPECT_EQ(victims_.problem(), "");
    EXPECT_GT(victims_.frames(), 0U);
    std::cout << "victims: " << victims_.frames() << " frames, longest wait "
              << victims_.longest_wait().count() << " ms" << std::endl;
  }

  SwitchProcess hub_{2};
  Traffic victims_{hub_.socket(1), hub_.socket(2)};
  Feeder feeder_{hub_.socket(4)};
  Arena arena_{hub_.socket(kAttackersPort), seed()};
};

class HostileAttack : public Hostile, public ::testing::WithParamInterface<Attack> {};

TEST_P(HostileAttack, CostsItsOwnPortOnly) {
  constexpr unsigned kTimes = 6;
  run_attack(GetParam(), arena_);  // what is kept once is no leak
  expect_port_usable();
  const Holdings before = rest();
  for (unsigned i = 0; i < kTimes && hub_.alive(); ++i) run_attack(GetParam(), arena_);
  expect_unharmed(before);
}

INSTANTIATE_TEST_SUITE_P(Attacks, HostileAttack, ::testing::ValuesIn(all_attacks()),
                         [](const auto& each) { return std::string(each.param.name); });

TEST_F(Hostile, AllAttacksForAWhile) {
  const std::chrono::seconds length(from_environment("HPVMNET_HOSTILE_SECONDS", 10));
  const std::vector<Attack> attacks = all_attacks();
  for (const Attack& attack : attacks) run_attack(attack, arena_);
  const Holdings before = rest();
  unsigned count = 0;
  for (const auto end = Clock::now() + length; Clock::now() < end && hub_.alive(); ++count) {
    run_attack(attacks[arena_.below(attacks.size())], arena_);
  }
  std::cout << count << " attacks" << std::endl;
  expect_unharmed(before);
}

}  // namespace
}  // namespace hpvmnet::test
