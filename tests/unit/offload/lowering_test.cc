#include "offload/lowering.h"

#include <gtest/gtest.h>

#include "offload/check.h"
#include "offload/checksum.h"
#include "unit/offload/segment_frames.h"

namespace hpvmnet::test {
namespace {

const std::byte* bytes_of(const Bytes& frame) {
  return reinterpret_cast<const std::byte*>(frame.data());
}

// Over the pseudo header and everything from the TCP header on: all ones where it is right.
std::uint16_t tcp4_sum(const Bytes& frame) {
  const std::byte* ip = bytes_of(frame) + 14;
  Checksum sum;
  sum.add({ip + 12, 8});
  sum.add_word(__builtin_bswap16(kProtocolTcp));
  sum.add_word(__builtin_bswap16(static_cast<std::uint16_t>(frame.size() - 34)));
  sum.add({ip + 20, frame.size() - 34});
  return sum.fold();
}

TEST(Lowering, CutsATcpSegment) {
  constexpr std::uint8_t kFinPushAckCwr = 0x01 | 0x08 | 0x10 | 0x80;
  const SegmentFrame whole = make_segment_frame({.tcp_flags = kFinPushAckCwr, .payload = 3001});
  LentFrame lent(whole, 700);
  ASSERT_TRUE(check_offload(lent.frame));
  const std::vector<Bytes> made = lower_all(lent.frame);
  ASSERT_EQ(made.size(), 3U);
  EXPECT_EQ(made[0].size(), 54U + 1460);
  EXPECT_EQ(made[2].size(), 54U + 81);
  std::size_t payload_at = 54;
  for (std::size_t i = 0; i < made.size(); ++i) {
    const std::byte* frame = bytes_of(made[i]);
    EXPECT_EQ(load16(frame + 16), made[i].size() - 14);
    EXPECT_EQ(load16(frame + 18),
              static_cast<std::uint16_t>(load16(bytes_of(whole.bytes) + 18) + i));
    EXPECT_EQ(load32(frame + 38), load32(bytes_of(whole.bytes) + 38) + 1460 * i);
    EXPECT_EQ(tcp4_sum(made[i]), 0xffff);
    Checksum header;
    header.add({frame + 14, 20});
    EXPECT_EQ(header.fold(), 0xffff);
    EXPECT_TRUE(std::equal(made[i].begin() + 54, made[i].end(),
                           whole.bytes.begin() + static_cast<std::ptrdiff_t>(payload_at)));
    payload_at += made[i].size() - 54;
  }
  EXPECT_EQ(static_cast<unsigned>(made[0][47]), 0x90U);  // acknowledges, window reduced
  EXPECT_EQ(static_cast<unsigned>(made[1][47]), 0x10U);
  EXPECT_EQ(static_cast<unsigned>(made[2][47]), 0x19U);  // ends
}

TEST(Lowering, CompletesAChecksum) {
  for (const std::uint32_t payload : {0U, 1U, 20U, 73U, 74U, 75U, 1460U, 1461U}) {
    SegmentFrame whole = make_segment_frame({.payload = payload});
    whole.offload.segmentation = Offload::kNone;
    LentFrame lent(whole, 333);
    ASSERT_TRUE(check_offload(lent.frame));
    const std::vector<Bytes> made = lower_all(lent.frame);
    ASSERT_EQ(made.size(), 1U);
    ASSERT_EQ(made[0].size(), whole.bytes.size());
    EXPECT_EQ(tcp4_sum(made[0]), 0xffff) << payload;
  }
}

// A frame in pieces of one byte needs more room than there may be.
TEST(Lowering, SaysWhenThereIsNoRoomAndGoesOn) {
  const SegmentFrame whole = make_segment_frame({.payload = 4000, .segment_size = 1000});
  LentFrame lent(whole, 10);
  ASSERT_TRUE(check_offload(lent.frame));
  Lowering lowering(lent.frame);
  std::vector<Part> room(200);
  Frame made;
  EXPECT_EQ(lowering.next(made, std::span(room).first(5)), Lowering::Step::full);
  for (unsigned i = 0; i < 4; ++i) {
    ASSERT_EQ(lowering.next(made, room), Lowering::Step::made) << i;
    EXPECT_EQ(made.length, 54U + 1000);
  }
  EXPECT_EQ(lowering.next(made, room), Lowering::Step::done);
}

}  // namespace
}  // namespace hpvmnet::test
