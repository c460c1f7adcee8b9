#include "unit/plugins/avio_lan/ring_fixture.h"

namespace hpvmnet::avio_lan {
namespace {

using test::numbered_frame;

constexpr auto kTo = test::test_mac(1);
constexpr auto kFrom = test::test_mac(2);
constexpr std::uint64_t kBuffer = 32 << 20;  // behind all that the ring allocates

const std::vector<std::size_t> kLengths{14, 15, 60, 127, 128, 129, 130, 255, 1000, 1514};

Bytes frame_of(std::size_t length, std::uint64_t number = 1) {
  Bytes frame = numbered_frame(kTo, kFrom, number, std::max<std::size_t>(length, 60));
  frame.resize(length);
  return frame;
}

class IngressShape : public ::testing::TestWithParam<RingShape> {};

TEST_P(IngressShape, FramesOfEachLengthArriveWhole) {
  GuestRam ram;
  const auto made = DriverRing::make(ram, {.size = 2048}, GetParam().packed);
  DriverRing& driver = *made;
  IngressSide side;
  side.start(setup_of(ram, driver, {}));
  for (const std::size_t length : kLengths) {
    SCOPED_TRACE(length);
    const Bytes frame = frame_of(length);
    ASSERT_TRUE(offer_frame(ram, driver, kBuffer, frame, GetParam().shape, test::kHeaderLength));
    const auto taken = side.take_burst();
    ASSERT_EQ(taken.size(), 1U);
    EXPECT_EQ(taken[0], frame);
    const auto used = driver.collect();
    ASSERT_TRUE(used.has_value());
    EXPECT_EQ(used->written, 0U);
  }
  EXPECT_EQ(driver.free_descriptors(), driver.size());
  EXPECT_EQ(all_drops(side.tally), 0U);
}

INSTANTIATE_TEST_SUITE_P(Modern, IngressShape,
                         ::testing::ValuesIn(shapes_of_all_rings(test::kHeaderLength)),
                         name_of_case);

class LegacyIngressShape : public ::testing::TestWithParam<test::NamedShape> {};

TEST_P(LegacyIngressShape, FramesOfEachLengthArriveWhole) {
  GuestRam ram;
  SplitDriverRing driver(ram, {.size = 2048});
  IngressSide side;
  side.start(setup_of(ram, driver, {.header_length = test::kLegacyHeaderLength}));
  for (const std::size_t length : kLengths) {
    const Bytes frame = frame_of(length);
    ASSERT_TRUE(
        offer_frame(ram, driver, kBuffer, frame, GetParam().shape, test::kLegacyHeaderLength));
    EXPECT_EQ(side.take_burst(), std::vector<Bytes>{frame}) << length;
    EXPECT_TRUE(driver.collect().has_value());
  }
  EXPECT_EQ(all_drops(side.tally), 0U);
}

INSTANTIATE_TEST_SUITE_P(Legacy, LegacyIngressShape,
                         ::testing::ValuesIn(test::named_shapes(test::kLegacyHeaderLength)),
                         name_of_case);

class IngressSize : public ::testing::TestWithParam<RingSize> {};

// More than 65536 entries, so that indexes wrap as well as rings.
TEST_P(IngressSize, OrderSurvivesWrapAround) {
  constexpr std::uint64_t kFrames = 70'000;
  GuestRam ram({{0, 256U << 20}});
  NetDriver driver(
      ram, {.ingress_size = GetParam().size, .egress_size = 64, .packed = GetParam().packed});
  IngressSide side;
  side.start(setup_of(ram, driver.ingress(), {.event_index = true}));
  const ChainShape apart{.cuts = {test::kHeaderLength}};
  std::uint64_t sent = 0;
  std::uint64_t seen = 0;
  while (seen < kFrames) {
    // A third of the ring a round, one and two descriptors a frame, so that chains move around.
    for (std::uint32_t i = 0; i < GetParam().size / 3 && sent < kFrames; ++i, ++sent) {
      const Bytes frame = numbered_frame(kTo, kFrom, sent);
      ASSERT_TRUE(driver.send(frame, sent % 3 == 0 ? apart : ChainShape{}));
    }
    for (const Bytes& frame : side.take_all()) {
      ASSERT_EQ(test::number_of(frame), seen);
      ++seen;
    }
    ASSERT_EQ(seen, sent);
    driver.reclaim();
    ASSERT_EQ(driver.ingress().chains_out(), 0U);
  }
  EXPECT_EQ(all_drops(side.tally), 0U);
}

INSTANTIATE_TEST_SUITE_P(Sizes, IngressSize, ::testing::ValuesIn(sizes_of_all_rings()),
                         name_of_case);

TEST(IngressRing, FullRingIsTakenInBurstsOfAtMostBurstCapacity) {
  GuestRam ram;
  NetDriver driver(ram, {.ingress_size = 256});
  IngressSide side;
  side.start(setup_of(ram, driver.ingress(), {}));
  for (std::uint64_t i = 0; i < 256; ++i) ASSERT_TRUE(driver.send(numbered_frame(kTo, kFrom, i)));
  EXPECT_FALSE(driver.send(numbered_frame(kTo, kFrom, 256)));
  for (unsigned burst = 0; burst < 4; ++burst) {
    const auto taken = side.take_burst();
    ASSERT_EQ(taken.size(), Burst::kCapacity);
    EXPECT_EQ(test::number_of(taken[0]), burst * Burst::kCapacity);
  }
  EXPECT_TRUE(side.take_burst().empty());
}

// The sender may not use the memory again before release().
TEST(IngressRing, ChainsAreUsedOnlyAfterRelease) {
  GuestRam ram;
  NetDriver driver(ram, {});
  IngressSide side;
  side.start(setup_of(ram, driver.ingress(), {}));
  driver.send(numbered_frame(kTo, kFrom, 1));
  side.burst.clear();
  side.ring->receive(side.burst, side.tally);
  ASSERT_EQ(side.burst.size(), 1U);
  EXPECT_EQ(split(driver.ingress()).used_index(), 0U);
  side.ring->release();
  EXPECT_EQ(split(driver.ingress()).used_index(), 1U);
}

TEST(IngressRing, ContinuesAtTheIndexWhereItStopped) {
  GuestRam ram;
  NetDriver driver(ram, {});
  IngressSide side;
  RingSetup setup = setup_of(ram, driver.ingress(), {});
  side.start(setup);
  for (std::uint64_t i = 0; i < 5; ++i) driver.send(numbered_frame(kTo, kFrom, i));
  EXPECT_EQ(side.take_all().size(), 5U);
  driver.send(numbered_frame(kTo, kFrom, 5));
  setup.next_available = side.stop();
  EXPECT_EQ(setup.next_available, 5U);
  side.start(setup);
  const auto taken = side.take_all();
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(test::number_of(taken[0]), 5U);
  driver.reclaim();
  EXPECT_EQ(driver.ingress().chains_out(), 0U);
}

// A ring that is started and disabled: what the guest sends is dropped (vhost-user, "Ring states").
TEST(IngressRing, DisabledRingDropsAndCounts) {
  GuestRam ram;
  NetDriver driver(ram, {});
  IngressSide side;
  RingSetup setup = setup_of(ram, driver.ingress(), {});
  setup.enabled = false;
  side.start(setup);
  for (std::uint64_t i = 0; i < 100; ++i) driver.send(numbered_frame(kTo, kFrom, i));
  for (unsigned i = 0; i < 3; ++i) EXPECT_TRUE(side.take_burst().empty());
  EXPECT_EQ(drops(side.tally, Drop::disabled), 100U);
  driver.reclaim();
  EXPECT_EQ(driver.ingress().chains_out(), 0U);
}

// Two regions that are one run for the guest and far apart for the switch: with the border at each
// byte of header and frame.
TEST(IngressRing, DescriptorMayCrossTheBorderOfTwoRegions) {
  constexpr std::uint64_t kBorder = 16 << 20;
  GuestRam ram({{0, kBorder}, {kBorder, kBorder}});
  SplitDriverRing driver(ram, {.size = 64});
  IngressSide side;
  side.start(setup_of(ram, driver, {}));
  const Bytes frame = frame_of(300);
  for (std::uint64_t before = 0; before <= 312; ++before) {
    ASSERT_TRUE(offer_frame(ram, driver, kBorder - before, frame, {}, test::kHeaderLength));
    ASSERT_EQ(side.take_burst(), std::vector<Bytes>{frame}) << before << " bytes before the border";
    ASSERT_TRUE(driver.collect().has_value());
  }
}

// Neither the alignment of a table nor the borders of regions matter to a driver.
TEST(IngressRing, IndirectTableMayCrossTheBorderOfTwoRegions) {
  constexpr std::uint64_t kBorder = 16 << 20;
  GuestRam ram({{0, kBorder}, {kBorder, kBorder}});
  SplitDriverRing driver(ram, {.size = 64});
  RawRing raw(ram, driver);
  IngressSide side;
  side.start(setup_of(ram, driver, {}));
  const Bytes frame = frame_of(200);
  Bytes bytes(test::kHeaderLength);
  test::append(bytes, frame);
  ram.write(kBorder + 4096, bytes);
  for (std::uint64_t before = 0; before <= 48; ++before) {
    const std::uint64_t table = kBorder - before;
    const RingDescriptor entries[3] = {
        {kBorder + 4096, 12, RingDescriptor::kNext, 2},
        {kBorder + 4096 + 112, 100, 0, 0},
        {kBorder + 4096 + 12, 100, RingDescriptor::kNext, 1},
    };
    ram.write(table, test::bytes_of(entries));
    raw.describe({{table, sizeof entries, RingDescriptor::kIndirect, 0}});
    raw.offer(0);
    ASSERT_EQ(side.take_burst(), std::vector<Bytes>{frame}) << before << " bytes before the border";
  }
}

// Virtio 1.2, clause 2.7.5.3.2: the device ignores the write flag of a descriptor that refers to a
// table.
TEST(IngressRing, WriteFlagOfAnIndirectDescriptorIsIgnored) {
  GuestRam ram;
  SplitDriverRing driver(ram, {.size = 64});
  RawRing raw(ram, driver);
  IngressSide side;
  side.start(setup_of(ram, driver, {}));
  const Bytes frame = frame_of(60);
  ram.write(kBuffer + test::kHeaderLength, frame);
  const RingDescriptor entry{kBuffer, test::kHeaderLength + 60, 0, 0};
  ram.write(kBuffer + 4096, test::bytes_of(entry));
  raw.describe({{kBuffer + 4096, 16, RingDescriptor::kIndirect | RingDescriptor::kWrite, 0}});
  raw.offer(0);
  EXPECT_EQ(side.take_burst(), std::vector<Bytes>{frame});
}

TEST(IngressRing, LongestFrameArrivesAndALongerOneIsCounted) {
  GuestRam ram;
  SplitDriverRing driver(ram, {.size = 256});
  IngressSide side;
  side.start(setup_of(ram, driver, {}));
  const ChainShape shapes[] = {{}, {.cuts = {test::kHeaderLength}, .then = 4096}};
  for (const ChainShape& shape : shapes) {
    const Bytes longest = frame_of(Frame::kMaxLength);
    ASSERT_TRUE(offer_frame(ram, driver, kBuffer, longest, shape, test::kHeaderLength));
    EXPECT_EQ(side.take_burst(), std::vector<Bytes>{longest});
    ASSERT_TRUE(offer_frame(ram, driver, kBuffer, frame_of(Frame::kMaxLength + 1), shape,
                            test::kHeaderLength));
    EXPECT_TRUE(side.take_burst().empty());
  }
  EXPECT_EQ(drops(side.tally, Drop::oversize), 2U);
  EXPECT_EQ(all_drops(side.tally), 2U);
}

// What makes the switch fast and unbribable: the head is a private copy, the rest is still where
// the sender wrote it, and between the two no byte is copied.
TEST(IngressRing, FramesAreLentInTheirSendersMemory) {
  GuestRam ram;
  SplitDriverRing driver(ram, {.size = 2048});
  IngressSide side;
  side.start(setup_of(ram, driver, {}));
  const std::byte* const begin = ram.at(kBuffer);
  for (const auto& [name, shape] : test::named_shapes(test::kHeaderLength)) {
    SCOPED_TRACE(name);
    ASSERT_TRUE(offer_frame(ram, driver, kBuffer, frame_of(1514), shape, test::kHeaderLength));
    side.burst.clear();
    side.ring->receive(side.burst, side.tally);
    ASSERT_EQ(side.burst.size(), 1U);
    Frame& frame = side.burst[0];
    const Bytes before = contents(frame);
    std::size_t lent = 0;
    for (const Part& part : frame.rest()) {
      EXPECT_GE(part.data, begin);
      EXPECT_LE(part.data + part.length, begin + 65536);
      lent += part.length;
    }
    EXPECT_EQ(frame.head_length, Frame::kHeadCapacity);
    EXPECT_EQ(lent, 1514 - Frame::kHeadCapacity);
    // The sender rewrites its buffer: it can hurt its payload and nothing that is decided on.
    std::memset(ram.at(kBuffer, 8192), 0xee, 8192);
    const Bytes after = contents(frame);
    EXPECT_TRUE(std::equal(before.begin(), before.begin() + Frame::kHeadCapacity, after.begin()));
    EXPECT_EQ(after, [&] {
      Bytes spoilt = before;
      std::fill(spoilt.begin() + Frame::kHeadCapacity, spoilt.end(), std::byte{0xee});
      return spoilt;
    }());
    side.ring->release();
    ASSERT_TRUE(driver.collect().has_value());
  }
}

}  // namespace
}  // namespace hpvmnet::avio_lan
