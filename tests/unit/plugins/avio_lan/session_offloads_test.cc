#include "offload/check.h"
#include "unit/offload/segment_frames.h"
#include "unit/plugins/avio_lan/session_fixture.h"

// Offloads between guests, as they have negotiated them (virtio 1.2, clause 5.1.6).
namespace hpvmnet::avio_lan {
namespace {

using test::make_segment_frame;
using test::SegmentFrame;
using test::SegmentPlan;

TestGuest::Options guest_with(std::uint64_t features) {
  TestGuest::Options options;
  options.front_end.features = test::feature::modern | features;
  options.driver.slot = 1 << 17;
  return options;
}

class SessionOffloads : public SessionTest {
 protected:
  TestGuest sender_{socket_, guest_with(test::feature::host_offloads)};

  void send(const SegmentFrame& frame) {
    const test::NetHeader header{.flags = frame.offload.flags,
                                 .gso_type = frame.offload.segmentation,
                                 .header_length = frame.offload.header_length,
                                 .gso_size = frame.offload.segment_size,
                                 .checksum_start = frame.offload.checksum_start,
                                 .checksum_offset = frame.offload.checksum_offset};
    ASSERT_TRUE(sender_.driver().send(header, frame.bytes));
  }

  // What lowering makes of it, which other tests compare with the kernel.
  static std::vector<Bytes> segments_of(const SegmentFrame& frame) {
    test::LentFrame lent(frame, 1000);
    EXPECT_TRUE(check_offload(lent.frame));
    return test::lower_all(lent.frame);
  }
};

TEST_F(SessionOffloads, LargeSegmentsCrossAsTheyAre) {
  TestGuest taker(hub_.add_port(3, "avio_lan"), guest_with(test::feature::guest_offloads));
  for (const SegmentPlan& plan :
       {SegmentPlan{.payload = 65'000}, SegmentPlan{.ipv6 = true, .ecn = true, .payload = 30'001},
        SegmentPlan{.tcp = false, .payload = 5'000}}) {
    const SegmentFrame frame = make_segment_frame(plan);
    send(frame);
    const auto received = taker.receive(kLimit);
    ASSERT_TRUE(received);
    EXPECT_EQ(received->frame, frame.bytes);
    EXPECT_EQ(received->header.flags, frame.offload.flags);
    EXPECT_EQ(received->header.gso_type, frame.offload.segmentation);
    EXPECT_EQ(received->header.gso_size, frame.offload.segment_size);
    EXPECT_EQ(received->header.header_length, frame.offload.header_length);
    EXPECT_EQ(received->header.checksum_start, frame.offload.checksum_start);
    EXPECT_EQ(received->header.checksum_offset, frame.offload.checksum_offset);
  }
}

TEST_F(SessionOffloads, GuestsWithoutThemGetFinishedFrames) {
  const SegmentFrame frame = make_segment_frame({.payload = 20'000});
  send(frame);
  for (const Bytes& segment : segments_of(frame)) {
    const auto received = other_.receive(kLimit);
    ASSERT_TRUE(received);
    EXPECT_EQ(received->frame, segment);
    EXPECT_EQ(received->header.flags, 0);
    EXPECT_EQ(received->header.gso_type, 0);
  }
}

// Checksums are one thing, segments another.
TEST_F(SessionOffloads, GuestsThatTakeChecksumsOnlyGetSegments) {
  TestGuest taker(hub_.add_port(3, "avio_lan"), guest_with(test::feature::guest_checksum));
  const SegmentFrame large = make_segment_frame({.payload = 10'000});
  send(large);
  for (const Bytes& segment : segments_of(large)) {
    const auto received = taker.receive(kLimit);
    ASSERT_TRUE(received);
    EXPECT_EQ(received->frame, segment);
  }
  SegmentFrame small = make_segment_frame({.payload = 1000});
  small.offload.segmentation = Offload::kNone;
  send(small);
  const auto received = taker.receive(kLimit);
  ASSERT_TRUE(received);
  EXPECT_EQ(received->frame, small.bytes);
  EXPECT_EQ(received->header.flags, Offload::kNeedsChecksum);
}

TEST_F(SessionOffloads, HeadersOfGuestsThatHaveNegotiatedNoneMeanNothing) {
  sender_.drop();
  TestGuest plain(socket_, guest_with(0));
  const Bytes frame = frame_to_other();
  ASSERT_TRUE(plain.driver().send({.flags = 1, .gso_type = 1, .gso_size = 1}, frame));
  const auto received = other_.receive(kLimit);
  ASSERT_TRUE(received);
  EXPECT_EQ(received->frame, frame);
  EXPECT_EQ(received->header.flags, 0);
}

TEST_F(SessionOffloads, ImpossibleRequestsAreCounted) {
  SegmentFrame frame = make_segment_frame({});
  frame.offload.segment_size = 0;
  send(frame);
  EXPECT_TRUE(test::eventually([&] { return hub_.drops(1, Drop::bad_offload) == 1; }));
  expect_no_frame();
}

}  // namespace
}  // namespace hpvmnet::avio_lan
