#include "avio_lan/ring/packed_ring.h"

#include <random>

#include "support/packed_driver_ring.h"
#include "unit/plugins/avio_lan/ring_fixture.h"

// What only packed rings have: their positions, and that they are found again when a back end has
// died (virtio 1.2, clause 2.8).
namespace hpvmnet::avio_lan {
namespace {

using test::numbered_frame;
using test::PackedDriverRing;
using test::ReceivedFrame;

constexpr auto kTo = test::test_mac(1);
constexpr auto kFrom = test::test_mac(2);

/// As a session makes it for a front end that has lost its back end and says what it said first.
RingSetup lost_setup_of(const GuestRam& ram, const DriverRing& ring) {
  RingSetup setup = setup_of(ram, ring, {});
  setup.next_available = packed_position(ring.lost_base(), ring.size());
  setup.recovering = true;
  return setup;
}

TEST(PackedPosition, IsWrittenAsIndexAndWrapCounter) {
  EXPECT_EQ(packed_position(0x8000, 256), 0U);
  EXPECT_EQ(packed_position(0x80ff, 256), 255U);
  EXPECT_EQ(packed_position(0, 256), 256U);
  for (std::uint32_t position = 0; position < 512; ++position) {
    EXPECT_EQ(packed_position(written_position(position, 256), 256), position);
  }
  EXPECT_EQ(written_position(512, 256), 0x8000U);
}

class PackedRecovery : public ::testing::TestWithParam<std::uint32_t> {};

// The back end dies after any number of bursts; the driver may have made descriptors available
// again that the ring's last note knows nothing of.
TEST_P(PackedRecovery, IngressGoesOnWhereItEnded) {
  GuestRam ram;
  NetDriver driver(ram, {.ingress_size = GetParam(), .egress_size = 64, .packed = true});
  std::mt19937 random(GetParam());
  const std::vector<ChainShape> shapes{{}, {.cuts = {12}}, {.then = 30}, {.indirect_from = 0}};
  IngressSide side;
  side.start(setup_of(ram, driver.ingress(), {}));
  std::uint64_t sent = 0;
  std::uint64_t seen = 0;
  for (unsigned death = 0; death < 500; ++death) {
    for (std::uint32_t round = random() % 8; round > 0; --round) {
      while (random() % 16 != 0 &&
             driver.send(numbered_frame(kTo, kFrom, sent), shapes[random() % shapes.size()])) {
        ++sent;
      }
      for (const Bytes& frame : side.take_burst()) ASSERT_EQ(test::number_of(frame), seen++);
      if (random() % 2 == 0) driver.reclaim();
    }
    side.stop();
    side.start(lost_setup_of(ram, driver.ingress()));
  }
  for (const Bytes& frame : side.take_all()) ASSERT_EQ(test::number_of(frame), seen++);
  EXPECT_EQ(seen, sent);
  driver.reclaim();
  EXPECT_EQ(driver.ingress().chains_out(), 0U);
  EXPECT_EQ(all_drops(side.tally), 0U);
}

TEST_P(PackedRecovery, EgressGoesOnWhereItEnded) {
  GuestRam ram;
  NetDriver driver(ram, {.ingress_size = 64,
                         .egress_size = GetParam(),
                         .packed = true,
                         .buffer = 100,
                         .egress_shape = {.cuts = {40}}});
  std::mt19937 random(GetParam());
  EgressSide side;
  side.start(setup_of(ram, driver.egress(), {}));
  std::uint64_t sent = 0;
  std::uint64_t seen = 0;
  ReceivedFrame received;
  for (unsigned death = 0; death < 500; ++death) {
    for (std::uint32_t round = random() % 8; round > 0; --round) {
      side.send(numbered_frame(kTo, kFrom, sent++, 60 + random() % 200));
      ASSERT_EQ(all_drops(side.tally), 0U);
      if (random() % 2 == 0) continue;
      while (driver.receive(received)) ASSERT_EQ(test::number_of(received.frame), seen++);
    }
    while (driver.receive(received)) ASSERT_EQ(test::number_of(received.frame), seen++);
    ASSERT_EQ(seen, sent);
    side.stop();
    side.start(lost_setup_of(ram, driver.egress()));
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, PackedRecovery, ::testing::Values(64, 128, 256, 1024),
                         ::testing::PrintToStringParamName());

// A burst of which nothing is visible to the driver yet. Its frames have been sent; all that is
// lost is how many bytes were written to the first chain.
TEST(PackedRing, BurstThatWasNotShownIsReturned) {
  for (const std::uint32_t first_length : {1U, 3U}) {
    GuestRam ram;
    PackedDriverRing driver(ram, {.size = 64});
    const auto offer = [&](std::uint32_t length) {
      return driver.offer(std::vector<ChainPiece>(length, {0x10000, 100, true})).value();
    };
    const std::uint16_t first = offer(first_length);
    const std::uint16_t second = offer(2);
    const std::uint16_t third = offer(1);
    const std::uint16_t fourth = offer(1);
    driver.expose();
    {
      PackedRing ring(setup_of(ram, driver, {}));
      PackedRing::Reader reader(ring, ring.next_available(), 3);
      PackedRing::UsedWriter used(ring);
      PackedRing::Found found;
      for (std::uint32_t i = 0; i < 3; ++i) {
        ASSERT_TRUE(reader.more() && reader.read(found));
        used.add(found.handle, 70 + i);
      }
      EXPECT_FALSE(driver.collectable());
    }
    PackedRing ring(lost_setup_of(ram, driver));
    for (const auto& [head, written] :
         {std::pair{first, 0U}, std::pair{second, 71U}, std::pair{third, 72U}}) {
      const auto used = driver.collect();
      ASSERT_TRUE(used.has_value());
      EXPECT_EQ(used->head, head);
      EXPECT_EQ(used->written, written);
    }
    EXPECT_FALSE(driver.collectable());
    PackedRing::Reader reader(ring, ring.next_available(), 3);
    PackedRing::Found found;
    ASSERT_TRUE(reader.more() && reader.read(found));
    EXPECT_EQ(found.handle & 0xffff, fourth);
    EXPECT_FALSE(reader.more());
  }
}

// A guest that was started anew while there was no back end.
TEST(PackedRing, DriverThatStartsAnewIsServedFromTheBeginning) {
  GuestRam ram;
  NetDriver driver(ram, {.ingress_size = 64, .packed = true});
  IngressSide side;
  side.start(setup_of(ram, driver.ingress(), {}));
  for (std::uint64_t i = 0; i < 100; ++i) {
    ASSERT_TRUE(driver.send(numbered_frame(kTo, kFrom, i)));
    ASSERT_EQ(side.take_burst().size(), 1U);
  }
  side.stop();
  driver.reset();
  ASSERT_TRUE(driver.send(numbered_frame(kTo, kFrom, 7)));
  side.start(lost_setup_of(ram, driver.ingress()));
  EXPECT_EQ(side.take_burst(), std::vector<Bytes>{numbered_frame(kTo, kFrom, 7)});
}

// What a guest writes where the position is kept harms nobody but itself.
TEST(PackedRing, AnyPositionInGuestMemoryIsSurvived) {
  GuestRam ram;
  NetDriver driver(ram, {.ingress_size = 64, .packed = true});
  for (std::uint32_t noted = 0; noted < 0x10000; noted += 13) {
    ram.write(driver.ingress().used_at(), test::bytes_of(static_cast<std::uint16_t>(noted)));
    for (std::uint32_t i = 0; i < 64; ++i) {
      const auto flags = static_cast<std::uint16_t>((noted * 2654435761U) >> (i % 16));
      ram.write(driver.ingress().descriptors_at() + 16 * i + 14, test::bytes_of(flags));
    }
    IngressSide side;
    side.start(lost_setup_of(ram, driver.ingress()));
    for (unsigned burst = 0; burst < 4; ++burst) side.take_burst();
  }
}

TEST(PackedRing, ChainThatGoesRoundTheRingBreaksIt) {
  GuestRam ram;
  PackedDriverRing driver(ram, {.size = 64});
  const std::uint16_t endless = RingDescriptor::kNext | 1U << 7;
  for (std::uint32_t i = 0; i < 64; ++i) {
    ram.write(driver.descriptor_at(i) + 14, test::bytes_of(endless));
  }
  IngressSide side;
  side.start(setup_of(ram, driver, {}));
  EXPECT_TRUE(side.take_burst().empty());
  EXPECT_TRUE(side.ring->broken());
  EXPECT_EQ(side.fault.count(), 1U);
}

TEST(PackedRing, UnknownBufferIdBreaksIt) {
  GuestRam ram;
  PackedDriverRing driver(ram, {.size = 64});
  ASSERT_TRUE(driver.offer(std::vector<ChainPiece>{{0x10000, 100, false}}));
  ram.write(driver.descriptor_at(0) + 12, test::bytes_of(std::uint16_t{64}));
  driver.expose();
  IngressSide side;
  side.start(setup_of(ram, driver, {}));
  EXPECT_TRUE(side.take_burst().empty());
  EXPECT_TRUE(side.ring->broken());
}

}  // namespace
}  // namespace hpvmnet::avio_lan
