#include "unit/plugins/avio_lan/ring_fixture.h"

// What a hostile driver writes into the ring by which it sends. Each case names the rule or the
// published attack that it tries.
namespace hpvmnet::avio_lan {
namespace {

constexpr std::uint64_t kMemory = 64 << 20;
constexpr std::uint64_t kBuffer = 32 << 20;
constexpr std::uint64_t kTable = 48 << 20;
constexpr std::uint32_t kRingSize = 64;
constexpr std::uint16_t kNext = RingDescriptor::kNext;
constexpr std::uint16_t kWrite = RingDescriptor::kWrite;
constexpr std::uint16_t kIndirect = RingDescriptor::kIndirect;
constexpr std::uint32_t kWhole = test::kHeaderLength + 60;

struct Case {
  std::string name;
  std::vector<RingDescriptor> ring;        // from descriptor 0 on, which is the head
  std::vector<RingDescriptor> table = {};  // at kTable
  Drop reason = Drop::bad_chain;
};

std::vector<RingDescriptor> one(std::uint64_t address, std::uint32_t length,
                                std::uint16_t flags = 0, std::uint16_t next = 0) {
  return {{address, length, flags, next}};
}

const std::vector<Case> kCases{
    // Chains that do not end.
    {"next_is_itself", one(kBuffer, kWhole, kNext, 0)},
    {"empty_next_is_itself", one(kBuffer, 0, kNext, 0)},
    {"circle_of_two", {{kBuffer, 20, kNext, 1}, {kBuffer, 20, kNext, 0}}},
    {"next_is_ring_size", one(kBuffer, kWhole, kNext, kRingSize)},
    {"next_is_65535", one(kBuffer, kWhole, kNext, 65535)},
    // Shorter than the header (CVE-2022-2132).
    {"nothing", one(kBuffer, 0)},
    {"one_byte", one(kBuffer, 1)},
    {"header_lacks_a_byte", one(kBuffer, 11)},
    {"header_in_two_lacks_a_byte", {{kBuffer, 4, kNext, 1}, {kBuffer, 7, 0, 0}}},
    // Memory that is not the guest's (CVE-2018-1059).
    {"nowhere", one(0xdead'0000'0000, kWhole)},
    {"just_behind_memory", one(kMemory, kWhole)},
    {"one_byte_too_long", one(kMemory - kWhole + 1, kWhole)},
    {"header_good_rest_nowhere", {{kBuffer, 12, kNext, 1}, {0xdead'0000'0000, 60, 0, 0}}},
    {"rest_runs_out_of_memory", {{kBuffer, 12, kNext, 1}, {kMemory - 59, 60, 0, 0}}},
    {"address_wraps", one(~std::uint64_t{0}, 2)},
    {"address_wraps_into_memory", one(~std::uint64_t{0} - 7, kWhole)},
    {"one_huge_descriptor", one(kBuffer, 0xffff'ffff), {}, Drop::oversize},
    {"lengths_wrap_to_little",
     {{0, 0x8000'0000, kNext, 1}, {0, 0x8000'0000, kNext, 2}, {kBuffer, kWhole, 0, 0}},
     {},
     Drop::oversize},
    // Direction (clause 2.7.4.2).
    {"writable", one(kBuffer, kWhole, kWrite)},
    {"writable_at_the_end", {{kBuffer, 12, kNext, 1}, {kBuffer, 60, kWrite, 0}}},
    {"writable_first", {{kBuffer, 12, kNext | kWrite, 1}, {kBuffer, 60, 0, 0}}},
    // Indirect tables (clause 2.7.5.3).
    {"table_of_nothing", one(kTable, 0, kIndirect), {{kBuffer, kWhole, 0, 0}}},
    {"table_of_half_an_entry", one(kTable, 8, kIndirect), {{kBuffer, kWhole, 0, 0}}},
    {"table_of_one_and_a_half", one(kTable, 24, kIndirect), {{kBuffer, kWhole, 0, 0}}},
    {"table_longer_than_ring",
     one(kTable, 16 * (kRingSize + 1), kIndirect),
     {{kBuffer, kWhole, 0, 0}}},
    {"table_of_4_gigabytes", one(kTable, 0xffff'fff0, kIndirect), {{kBuffer, kWhole, 0, 0}}},
    {"table_nowhere", one(0xdead'0000'0000, 16, kIndirect)},
    {"table_runs_out_of_memory", one(kMemory - 16, 32, kIndirect)},
    {"table_address_wraps", one(~std::uint64_t{0} - 15, 32, kIndirect)},
    {"table_and_next", one(kTable, 16, kIndirect | kNext, 1), {{kBuffer, kWhole, 0, 0}}},
    {"table_in_table", one(kTable, 16, kIndirect), {{kTable, 16, kIndirect, 0}}},
    {"second_in_table_is_table",
     one(kTable, 32, kIndirect),
     {{kBuffer, 12, kNext, 1}, {kTable, 16, kIndirect, 0}}},
    {"table_next_is_itself", one(kTable, 16, kIndirect), {{kBuffer, kWhole, kNext, 0}}},
    {"table_next_is_outside", one(kTable, 16, kIndirect), {{kBuffer, kWhole, kNext, 1}}},
    {"table_circle", one(kTable, 32, kIndirect), {{kBuffer, 9, kNext, 1}, {kBuffer, 9, kNext, 0}}},
    {"table_writable", one(kTable, 16, kIndirect), {{kBuffer, kWhole, kWrite, 0}}},
    {"table_points_nowhere", one(kTable, 16, kIndirect), {{0xdead'0000'0000, kWhole, 0, 0}}},
};

class IngressMalformed : public ::testing::TestWithParam<Case> {
 protected:
  IngressMalformed() {
    side_.start(setup_of(ram_, driver_, {}));
    Bytes header(test::kHeaderLength);
    test::append(header, good_);
    ram_.write(kBuffer, header);
  }

  void write_case() {
    if (!GetParam().table.empty()) {
      ram_.write(kTable, std::as_bytes(std::span(GetParam().table)));
    }
    raw_.describe(GetParam().ring);
    driver_.set_descriptor(kRingSize - 1, {kBuffer, kWhole, 0, 0});  // a good one
  }

  const Bytes good_ = test::numbered_frame(test::test_mac(1), test::test_mac(2), 7);
  GuestRam ram_{{{0, kMemory}}};
  SplitDriverRing driver_{ram_, {.size = kRingSize}};
  RawRing raw_{ram_, driver_};
  IngressSide side_;
};

// The chain is counted and given back, and hurts nothing around it.
TEST_P(IngressMalformed, CostsItsSenderOneChain) {
  write_case();
  raw_.offer(kRingSize - 1);
  raw_.offer(0);
  raw_.offer(kRingSize - 1);
  EXPECT_EQ(side_.take_all(), (std::vector<Bytes>{good_, good_}));
  EXPECT_EQ(drops(side_.tally, GetParam().reason), 1U);
  EXPECT_EQ(all_drops(side_.tally), 1U);
  EXPECT_EQ(raw_.used(), 3U);
  EXPECT_EQ(raw_.used_entry(1).head, 0U);
  EXPECT_EQ(raw_.used_entry(1).written, 0U);
  EXPECT_FALSE(side_.ring->broken());
  EXPECT_EQ(side_.fault.count(), 0U);
}

// A ring full of it, again and again: every chain comes back.
TEST_P(IngressMalformed, FillsAWholeRing) {
  write_case();
  for (unsigned round = 1; round <= 3; ++round) {
    for (unsigned i = 0; i < kRingSize; ++i) raw_.offer(0);
    EXPECT_TRUE(side_.take_all().empty());
    for (unsigned i = 0; i < kRingSize; ++i) side_.take_burst();
    EXPECT_EQ(raw_.used(), kRingSize * round);
    EXPECT_EQ(drops(side_.tally, GetParam().reason), kRingSize * round);
  }
}

INSTANTIATE_TEST_SUITE_P(Chains, IngressMalformed, ::testing::ValuesIn(kCases),
                         [](const auto& one) { return one.param.name; });

class IngressBroken : public ::testing::Test {
 protected:
  IngressBroken() { side_.start(setup_of(ram_, driver_, {})); }

  void expect_broken() {
    EXPECT_TRUE(side_.take_burst().empty());
    EXPECT_TRUE(side_.ring->broken());
    EXPECT_EQ(side_.fault.count(), 1U);
    EXPECT_EQ(raw_.used(), 0U);
    // It stays so, whatever comes, and a worker is not kept awake by it.
    driver_.set_available_index(1);
    EXPECT_TRUE(side_.take_burst().empty());
    EXPECT_EQ(side_.ring->park(), Wait::input);
    EXPECT_EQ(side_.fault.count(), 1U);
    // Until it is set up anew.
    side_.stop();
    driver_.reset();
    side_.start(setup_of(ram_, driver_, {}));
    EXPECT_FALSE(side_.ring->broken());
    const Bytes good = test::numbered_frame(test::test_mac(1), test::test_mac(2), 7);
    offer_frame(ram_, driver_, kBuffer, good, {}, test::kHeaderLength);
    EXPECT_EQ(side_.take_burst(), std::vector<Bytes>{good});
  }

  GuestRam ram_{{{0, kMemory}}};
  SplitDriverRing driver_{ram_, {.size = kRingSize}};
  RawRing raw_{ram_, driver_};
  IngressSide side_;
};

TEST_F(IngressBroken, HeadIsRingSize) {
  raw_.offer(kRingSize);
  expect_broken();
}

TEST_F(IngressBroken, HeadIs65535) {
  raw_.offer(65535);
  expect_broken();
}

TEST_F(IngressBroken, IndexJumpsByMoreThanTheRingHas) {
  driver_.set_available_index(kRingSize + 1);
  expect_broken();
}

TEST_F(IngressBroken, IndexJumpsHalfWay) {
  driver_.set_available_index(0x8000);
  expect_broken();
}

TEST_F(IngressBroken, IndexGoesBack) {
  driver_.set_available_index(65535);
  expect_broken();
}

// A frame of header alone is not the ring's to judge; the switch drops it as a runt.
TEST_F(IngressBroken, FramesWithoutBytesAreLent) {
  raw_.describe(
      {{kBuffer, 12, 0, 0}, {kBuffer, 13, 0, 0}, {kBuffer, 12, kNext, 3}, {kBuffer, 0, 0, 0}});
  for (std::uint16_t head = 0; head < 3; ++head) raw_.offer(head);
  const auto frames = side_.take_all();
  ASSERT_EQ(frames.size(), 3U);
  EXPECT_EQ(frames[0].size(), 0U);
  EXPECT_EQ(frames[1].size(), 1U);
  EXPECT_EQ(frames[2].size(), 0U);
  EXPECT_EQ(all_drops(side_.tally), 0U);
}

// A hole between two regions is not memory.
TEST(IngressHole, DescriptorsIntoItAreRefused) {
  constexpr std::uint64_t kSize = 1 << 20;
  GuestRam ram({{0, kSize}, {2 * kSize, kSize}});
  SplitDriverRing driver(ram, {.size = kRingSize});
  RawRing raw(ram, driver);
  IngressSide side;
  side.start(setup_of(ram, driver, {}));
  raw.describe({{kSize - 30, kWhole, 0, 0},
                {kSize, kWhole, 0, 0},
                {2 * kSize - 1, kWhole, 0, 0},
                {kSize - kWhole, kWhole, 0, 0},
                {2 * kSize, kWhole, 0, 0}});
  for (std::uint16_t head = 0; head < 5; ++head) raw.offer(head);
  EXPECT_EQ(side.take_all().size(), 2U);
  EXPECT_EQ(drops(side.tally, Drop::bad_chain), 3U);
}

// Chains of all of a large ring, a whole ring of them: the work per burst stays bounded, and
// everything is given back.
TEST(IngressLongChains, AreBoundedAndComeBack) {
  constexpr std::uint32_t kSize = 32768;
  GuestRam ram;
  SplitDriverRing driver(ram, {.size = kSize});
  RawRing raw(ram, driver);
  IngressSide side;
  side.start(setup_of(ram, driver, {}));
  for (std::uint32_t i = 0; i < kSize; ++i) {
    const auto next = static_cast<std::uint16_t>((i + 1) % kSize);
    driver.set_descriptor(i, {kBuffer, 1, kNext, next});
  }
  constexpr std::uint16_t kChains = 1000;
  for (std::uint16_t i = 0; i < kChains; ++i) raw.offer(i);
  for (unsigned i = 0; i < kChains; ++i) EXPECT_TRUE(side.take_burst().empty());
  EXPECT_EQ(raw.used(), kChains);
  EXPECT_EQ(drops(side.tally, Drop::bad_chain), kChains);
}

}  // namespace
}  // namespace hpvmnet::avio_lan
