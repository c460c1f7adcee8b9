#include "unit/plugins/avio_lan/ring_fixture.h"

namespace hpvmnet::avio_lan {
namespace {

using test::numbered_frame;
using test::ReceivedFrame;

constexpr auto kTo = test::test_mac(1);
constexpr auto kFrom = test::test_mac(2);

Bytes frame_of(std::size_t length, std::uint64_t number = 1) {
  return numbered_frame(kTo, kFrom, number, length);
}

std::vector<Bytes> receive_all(NetDriver& driver) {
  std::vector<Bytes> frames;
  ReceivedFrame frame;
  while (driver.receive(frame)) {
    const test::NetHeader none;
    EXPECT_EQ(std::memcmp(&frame.header, &none, test::kLegacyHeaderLength), 0);
    frames.push_back(frame.frame);
  }
  return frames;
}

// What the two sides agree on, and how the driver cuts its buffers.
struct EgressCase {
  std::string name;
  bool mergeable;
  std::uint32_t header_length;
  std::uint32_t buffer;
  ChainShape shape;
  bool packed;
};

std::vector<EgressCase> egress_cases() {
  std::vector<EgressCase> cases;
  const auto add = [&](const std::string& name, bool mergeable, std::uint32_t header,
                       std::uint32_t buffer) {
    for (const auto& [shape_name, shape, packed] : shapes_of_all_rings(header)) {
      if (packed && header != test::kHeaderLength) continue;  // legacy drivers have split rings
      cases.push_back({name + "_" + shape_name, mergeable, header, buffer, shape, packed});
    }
  };
  add("mergeable", true, test::kHeaderLength, 1526);
  add("mergeable_small", true, test::kHeaderLength, 128);
  add("mergeable_odd", true, test::kHeaderLength, 61);
  add("whole", false, test::kHeaderLength, 1526);
  add("legacy", false, test::kLegacyHeaderLength, 1526);
  return cases;
}

class EgressShape : public ::testing::TestWithParam<EgressCase> {};

TEST_P(EgressShape, FramesOfEachLengthArriveWhole) {
  const EgressCase& given = GetParam();
  GuestRam ram;
  NetDriver driver(ram, {.egress_size = 2048,
                         .event_index = false,
                         .mergeable = given.mergeable,
                         .packed = given.packed,
                         .header_length = given.header_length,
                         .buffer = given.buffer,
                         .egress_shape = given.shape});
  EgressSide side;
  side.start(setup_of(ram, driver.egress(), {given.header_length, given.mergeable, false}));
  for (const std::size_t length : {60U, 61U, 115U, 116U, 117U, 127U, 128U, 129U, 500U, 1514U}) {
    SCOPED_TRACE(length);
    for (const std::size_t part : {1U, 7U, 64U, 4096U}) {
      const Bytes frame = frame_of(length, part);
      side.send({frame}, part);
      EXPECT_EQ(receive_all(driver), std::vector<Bytes>{frame});
    }
  }
  EXPECT_EQ(side.tally.egress_frames.get(), 40U);
  EXPECT_EQ(all_drops(side.tally), 0U);
}

INSTANTIATE_TEST_SUITE_P(Cases, EgressShape, ::testing::ValuesIn(egress_cases()), name_of_case);

class EgressSize : public ::testing::TestWithParam<RingSize> {};

TEST_P(EgressSize, OrderSurvivesWrapAround) {
  constexpr std::uint64_t kFrames = 70'000;
  GuestRam ram({{0, 256U << 20}});
  NetDriver driver(ram, {.ingress_size = 64,
                         .egress_size = GetParam().size,
                         .packed = GetParam().packed,
                         .buffer = 200});
  EgressSide side;
  side.start(setup_of(ram, driver.egress(), {.event_index = true}));
  std::uint64_t seen = 0;
  ReceivedFrame received;
  for (std::uint64_t sent = 0; sent < kFrames;) {
    std::vector<Bytes> frames;
    const std::size_t burst = 1 + sent % 17;  // some frames take two buffers
    for (std::size_t i = 0; i < burst; ++i, ++sent) {
      frames.push_back(frame_of(60 + sent % 191, sent));
    }
    side.send(frames);
    while (driver.receive(received)) {
      ASSERT_EQ(test::number_of(received.frame), seen);
      ++seen;
    }
    ASSERT_EQ(seen, sent);
  }
  EXPECT_EQ(all_drops(side.tally), 0U);
}

INSTANTIATE_TEST_SUITE_P(Sizes, EgressSize, ::testing::ValuesIn(sizes_of_all_rings()),
                         name_of_case);

TEST(EgressRing, LongestFrameIsMergedOverManyBuffers) {
  GuestRam ram;
  NetDriver driver(ram, {.egress_size = 512, .event_index = false, .buffer = 1526});
  EgressSide side;
  side.start(setup_of(ram, driver.egress(), {}));
  const Bytes frame = frame_of(Frame::kMaxLength);
  for (unsigned i = 0; i < 20; ++i) {
    side.send({frame}, 3000);
    ReceivedFrame received;
    ASSERT_TRUE(driver.receive(received));
    EXPECT_EQ(received.frame, frame);
    EXPECT_EQ(received.buffers, (Frame::kMaxLength + 12 + 1525) / 1526);
  }
}

TEST(EgressRing, FramesBeyondTheBuffersAreCountedAndTheOthersArriveInOrder) {
  GuestRam ram;
  NetDriver driver(ram, {.egress_size = 64, .event_index = false});
  EgressSide side;
  side.start(setup_of(ram, driver.egress(), {}));
  std::uint64_t number = 0;
  for (unsigned burst = 0; burst < 2; ++burst) {
    std::vector<Bytes> frames;
    for (unsigned i = 0; i < 40; ++i) frames.push_back(frame_of(60, number++));
    side.send(frames);
  }
  EXPECT_EQ(drops(side.tally, Drop::no_buffer), 16U);
  EXPECT_EQ(all_drops(side.tally), 16U);
  EXPECT_EQ(side.tally.egress_frames.get(), 64U);
  EXPECT_EQ(side.tally.egress_bytes.get(), 64U * 60);
  auto received = receive_all(driver);
  ASSERT_EQ(received.size(), 64U);
  for (std::uint64_t i = 0; i < 64; ++i) EXPECT_EQ(test::number_of(received[i]), i);
  side.send(frame_of(60, 1000));
  EXPECT_EQ(receive_all(driver).size(), 1U);
}

// All of a frame or nothing: a frame that lacks buffers leaves those that there are.
TEST(EgressRing, FrameThatNeedsMoreBuffersThanThereAreTakesNone) {
  GuestRam ram;
  NetDriver driver(ram, {.egress_size = 64, .event_index = false, .buffer = 100});
  EgressSide side;
  side.start(setup_of(ram, driver.egress(), {}));
  side.send(frame_of(6400 - 12 + 1));
  EXPECT_EQ(drops(side.tally, Drop::no_buffer), 1U);
  EXPECT_EQ(split(driver.egress()).used_index(), 0U);
  const Bytes fits = frame_of(6400 - 12);
  side.send(fits);
  EXPECT_EQ(receive_all(driver), std::vector<Bytes>{fits});
}

TEST(EgressRing, FrameLongerThanUnmergedBuffersIsDroppedAlone) {
  GuestRam ram;
  NetDriver driver(ram,
                   {.egress_size = 64, .event_index = false, .mergeable = false, .buffer = 1000});
  EgressSide side;
  side.start(setup_of(ram, driver.egress(), {.mergeable = false}));
  const Bytes fits = frame_of(988);
  side.send(std::vector<Bytes>{fits, frame_of(989), fits, frame_of(1514), fits});
  EXPECT_EQ(drops(side.tally, Drop::buffer_too_small), 2U);
  EXPECT_EQ(receive_all(driver), (std::vector<Bytes>{fits, fits, fits}));
}

TEST(EgressRing, DisabledRingTakesNothing) {
  GuestRam ram;
  NetDriver driver(ram, {.egress_size = 64, .event_index = false});
  EgressSide side;
  RingSetup setup = setup_of(ram, driver.egress(), {});
  setup.enabled = false;
  side.start(setup);
  side.send(frame_of(60));
  EXPECT_EQ(drops(side.tally, Drop::not_ready), 1U);
  setup.enabled = true;
  side.stop();
  side.start(setup);
  side.send(frame_of(60));
  EXPECT_EQ(receive_all(driver).size(), 1U);
  EXPECT_EQ(side.stop(), 1U);
  EXPECT_EQ(split(driver.egress()).used_index(), 1U);
}

TEST(EgressRing, BuffersMayCrossTheBorderOfTwoRegions) {
  constexpr std::uint64_t kBorder = 16 << 20;
  const Bytes frame = frame_of(300);
  for (std::uint64_t before = 0; before <= 312; before += 13) {
    GuestRam ram({{0, kBorder}, {kBorder, kBorder}});
    NetDriver driver(ram, {.ingress_size = 64,
                           .egress_size = 64,
                           .event_index = false,
                           .buffer = 312,
                           .buffers_at = kBorder - before});
    EgressSide side;
    side.start(setup_of(ram, driver.egress(), {}));
    side.send(frame);
    ASSERT_EQ(receive_all(driver), std::vector<Bytes>{frame}) << before;
  }
}

}  // namespace
}  // namespace hpvmnet::avio_lan
