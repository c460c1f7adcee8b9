#include "unit/plugins/avio_lan/ring_fixture.h"

// What a hostile driver offers as buffers for frames to come.
namespace hpvmnet::avio_lan {
namespace {

constexpr std::uint64_t kMemory = 64 << 20;
constexpr std::uint64_t kBuffer = 32 << 20;
constexpr std::uint64_t kTable = 48 << 20;
constexpr std::uint32_t kRingSize = 64;
constexpr std::uint16_t kNext = RingDescriptor::kNext;
constexpr std::uint16_t kWrite = RingDescriptor::kWrite;
constexpr std::uint16_t kIndirect = RingDescriptor::kIndirect;
constexpr std::byte kUntouched{0xa5};

struct Case {
  std::string name;
  std::vector<RingDescriptor> ring;        // from descriptor 0 on, which is the head
  std::vector<RingDescriptor> table = {};  // at kTable
};

std::vector<RingDescriptor> one(std::uint64_t address, std::uint32_t length, std::uint16_t flags,
                                std::uint16_t next = 0) {
  return {{address, length, flags, next}};
}

const std::vector<Case> kCases{
    {"readable", one(kBuffer, 2048, 0)},
    {"readable_at_the_end", {{kBuffer, 12, kWrite | kNext, 1}, {kBuffer, 2048, 0, 0}}},
    {"next_is_itself", one(kBuffer, 20, kWrite | kNext, 0)},
    {"empty_next_is_itself", one(kBuffer, 0, kWrite | kNext, 0)},
    {"circle_of_two", {{kBuffer, 1, kWrite | kNext, 1}, {kBuffer, 1, kWrite | kNext, 0}}},
    {"next_is_ring_size", one(kBuffer, 20, kWrite | kNext, kRingSize)},
    {"nowhere", one(0xdead'0000'0000, 2048, kWrite)},
    {"just_behind_memory", one(kMemory, 2048, kWrite)},
    {"one_byte_too_long", one(kMemory - 2047, 2048, kWrite)},
    {"address_wraps", one(~std::uint64_t{0} - 7, 2048, kWrite)},
    {"as_long_as_can_be", one(kBuffer, 0xffff'ffff, kWrite)},
    {"header_good_rest_nowhere",
     {{kBuffer, 12, kWrite | kNext, 1}, {0xdead'0000'0000, 2048, kWrite, 0}}},
    {"table_of_nothing", one(kTable, 0, kIndirect), {{kBuffer, 2048, kWrite, 0}}},
    {"table_of_one_and_a_half", one(kTable, 24, kIndirect), {{kBuffer, 2048, kWrite, 0}}},
    {"table_longer_than_ring",
     one(kTable, 16 * (kRingSize + 1), kIndirect),
     {{kBuffer, 2048, kWrite, 0}}},
    {"table_nowhere", one(0xdead'0000'0000, 16, kIndirect)},
    {"table_and_next", one(kTable, 16, kIndirect | kNext, 1), {{kBuffer, 2048, kWrite, 0}}},
    {"table_in_table", one(kTable, 16, kIndirect), {{kTable, 16, kIndirect, 0}}},
    {"table_circle",
     one(kTable, 32, kIndirect),
     {{kBuffer, 9, kWrite | kNext, 1}, {kBuffer, 9, kWrite | kNext, 0}}},
    {"table_readable", one(kTable, 16, kIndirect), {{kBuffer, 2048, 0, 0}}},
};

class EgressMalformed : public ::testing::TestWithParam<std::tuple<Case, bool>> {
 protected:
  static const Case& given() { return std::get<0>(GetParam()); }
  static bool mergeable() { return std::get<1>(GetParam()); }

  EgressMalformed() {
    std::memset(ram_.at(kBuffer, 4096), static_cast<int>(kUntouched), 4096);
    std::memset(ram_.at(kMemory - 4096, 4096), static_cast<int>(kUntouched), 4096);
    if (!given().table.empty()) ram_.write(kTable, std::as_bytes(std::span(given().table)));
    raw_.describe(given().ring);
    driver_.set_descriptor(kRingSize - 1, {kGood, 2048, kWrite, 0});
    side_.start(setup_of(ram_, driver_, {.mergeable = mergeable()}));
  }

  // Nothing was written where a malformed chain points to.
  void expect_untouched(std::uint64_t address) {
    const Bytes memory = ram_.read(address, 4096);
    EXPECT_TRUE(std::ranges::all_of(memory, [](std::byte b) { return b == kUntouched; }));
  }

  static constexpr std::uint64_t kGood = 40 << 20;
  const Bytes frame_ = test::numbered_frame(test::test_mac(1), test::test_mac(2), 7, 1514);
  GuestRam ram_{{{0, kMemory}}};
  SplitDriverRing driver_{ram_, {.size = kRingSize}};
  RawRing raw_{ram_, driver_};
  EgressSide side_;
};

TEST_P(EgressMalformed, CostsItsReceiverOneFrame) {
  raw_.offer(0);
  raw_.offer(kRingSize - 1);
  side_.send(frame_);
  EXPECT_EQ(drops(side_.tally, Drop::bad_buffer), 1U);
  EXPECT_EQ(raw_.used(), 1U);
  EXPECT_EQ(raw_.used_entry(0).head, 0U);
  EXPECT_EQ(raw_.used_entry(0).written, 0U);
  expect_untouched(kBuffer);
  expect_untouched(kMemory - 4096);
  side_.send(frame_);
  EXPECT_EQ(all_drops(side_.tally), 1U);
  EXPECT_EQ(raw_.used(), 2U);
  EXPECT_EQ(raw_.used_entry(1).written, test::kHeaderLength + 1514);
  EXPECT_EQ(ram_.read(kGood + test::kHeaderLength, 1514), frame_);
  EXPECT_FALSE(side_.ring->broken());
}

// In the middle of a frame that is merged over several buffers, too.
TEST_P(EgressMalformed, CostsAMergedFrame) {
  if (!mergeable()) return;
  driver_.set_descriptor(kRingSize - 2, {kGood + 4096, 100, kWrite, 0});
  raw_.offer(kRingSize - 2);
  raw_.offer(0);
  raw_.offer(kRingSize - 1);
  side_.send(frame_);
  EXPECT_EQ(drops(side_.tally, Drop::bad_buffer), 1U);
  expect_untouched(kBuffer);
  side_.send(frame_);
  EXPECT_EQ(side_.tally.egress_frames.get(), 1U);
  EXPECT_EQ(raw_.used(), 3U);
}

INSTANTIATE_TEST_SUITE_P(Buffers, EgressMalformed,
                         ::testing::Combine(::testing::ValuesIn(kCases), ::testing::Bool()),
                         [](const auto& one) {
                           return std::get<0>(one.param).name +
                                  (std::get<1>(one.param) ? "_mergeable" : "_whole");
                         });

class EgressRunts : public ::testing::Test {
 protected:
  // Sends a frame into a ring of buffers of `length` bytes each.
  void send_into(std::uint32_t length, std::uint32_t buffers, bool mergeable) {
    side_.start(setup_of(ram_, driver_, {.mergeable = mergeable}));
    for (std::uint16_t i = 0; i < buffers; ++i) {
      driver_.set_descriptor(i, {kBuffer + std::uint64_t{i} * length, length, kWrite, 0});
      raw_.offer(i);
    }
    side_.send(frame_);
  }

  const Bytes frame_ = test::numbered_frame(test::test_mac(1), test::test_mac(2), 7, 100);
  GuestRam ram_{{{0, kMemory}}};
  SplitDriverRing driver_{ram_, {.size = 256}};
  RawRing raw_{ram_, driver_};
  EgressSide side_;
};

// CVE-2026-86566: a buffer shorter than the header, and the rest shorter than what is missing.
TEST_F(EgressRunts, OneByteBuffersMergeIntoOneFrame) {
  send_into(1, 256, true);
  EXPECT_EQ(side_.tally.egress_frames.get(), 1U);
  EXPECT_EQ(raw_.used(), test::kHeaderLength + 100);
  for (std::uint16_t i = 0; i < raw_.used(); ++i) EXPECT_EQ(raw_.used_entry(i).written, 1U);
  const Bytes written = ram_.read(kBuffer, test::kHeaderLength + 100);
  EXPECT_EQ(test::value_from<std::uint16_t>(written, 10), test::kHeaderLength + 100);
  EXPECT_EQ(Bytes(written.begin() + test::kHeaderLength, written.end()), frame_);
}

TEST_F(EgressRunts, OneByteBuffersAreTooFew) {
  send_into(1, 50, true);
  EXPECT_EQ(drops(side_.tally, Drop::no_buffer), 1U);
  EXPECT_EQ(raw_.used(), 0U);
}

TEST_F(EgressRunts, OneByteBuffersUnmergedAreTooSmall) {
  send_into(1, 256, false);
  EXPECT_EQ(drops(side_.tally, Drop::buffer_too_small), 1U);
}

TEST_F(EgressRunts, HeaderSizedBuffersUnmergedAreTooSmall) {
  send_into(test::kHeaderLength, 10, false);
  EXPECT_EQ(drops(side_.tally, Drop::buffer_too_small), 1U);
}

// A ring of buffers without a byte: bounded work, nothing gained, nothing written.
TEST_F(EgressRunts, EmptyBuffersHoldNothing) {
  send_into(0, 256, true);
  EXPECT_EQ(side_.tally.egress_frames.get(), 0U);
  EXPECT_EQ(all_drops(side_.tally), 1U);
}

class EgressBroken : public ::testing::Test {
 protected:
  EgressBroken() { side_.start(setup_of(ram_, driver_, {})); }

  void expect_broken() {
    const Bytes frame = test::numbered_frame(test::test_mac(1), test::test_mac(2), 7);
    side_.send(std::vector<Bytes>{frame, frame, frame});
    EXPECT_TRUE(side_.ring->broken());
    const unsigned faults = side_.fault.count();
    EXPECT_GE(faults, 1U);
    EXPECT_EQ(all_drops(side_.tally), 3U);
    EXPECT_EQ(raw_.used(), 0U);
    side_.send(frame);
    EXPECT_EQ(drops(side_.tally, Drop::not_ready), 1U);
    EXPECT_EQ(side_.fault.count(), faults);
    side_.stop();
    driver_.reset();
    side_.start(setup_of(ram_, driver_, {}));
    raw_.describe({{kBuffer, 2048, kWrite, 0}});
    raw_.offer(0);
    side_.send(frame);
    EXPECT_EQ(raw_.used(), 1U);
  }

  GuestRam ram_{{{0, kMemory}}};
  SplitDriverRing driver_{ram_, {.size = kRingSize}};
  RawRing raw_{ram_, driver_};
  EgressSide side_;
};

TEST_F(EgressBroken, HeadIsRingSize) {
  raw_.offer(kRingSize);
  expect_broken();
}

TEST_F(EgressBroken, HeadIs65535) {
  raw_.offer(65535);
  expect_broken();
}

TEST_F(EgressBroken, IndexJumpsByMoreThanTheRingHas) {
  driver_.set_available_index(kRingSize + 1);
  expect_broken();
}

TEST_F(EgressBroken, IndexGoesBack) {
  driver_.set_available_index(65535);
  expect_broken();
}

}  // namespace
}  // namespace hpvmnet::avio_lan
