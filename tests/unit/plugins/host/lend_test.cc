#include "host/lend.h"

#include <gtest/gtest.h>

#include "support/frame_builder.h"

namespace hpvmnet::host {
namespace {

using test::Bytes;
using test::FrameBuilder;

Bytes whole(const Frame& frame) {
  Bytes bytes(frame.length);
  copy_frame(bytes.data(), frame);
  return bytes;
}

TEST(Lend, PutsATagBackWhereItWas) {
  for (std::size_t length = 14; length < 400; ++length) {
    const Bytes bytes = FrameBuilder().fill_to(length, 1).build();
    Bytes due = bytes;
    const std::array<std::byte, 4> tag{std::byte{0x88}, std::byte{0xa8}, std::byte{0xa0},
                                       std::byte{0x14}};
    due.insert(due.begin() + 12, tag.begin(), tag.end());
    Burst burst;
    lend({}, bytes, {0x88a8, 0xa014}, burst);
    lend({}, bytes, {}, burst);
    ASSERT_EQ(burst.size(), 2u);
    ASSERT_EQ(whole(burst[0]), due) << length;
    ASSERT_EQ(whole(burst[1]), bytes) << length;
  }
}

TEST(Lend, MovesThePlacesOfAnOffloadWithTheTag) {
  const Bytes bytes = FrameBuilder().fill_to(1000, 1).build();
  const Offload asked{.flags = Offload::kNeedsChecksum,
                      .segmentation = Offload::kTcp4,
                      .header_length = 54,
                      .segment_size = 500,
                      .checksum_start = 34,
                      .checksum_offset = 16};
  Burst burst;
  lend(asked, bytes, {0x8100, 20}, burst);
  EXPECT_EQ(burst[0].offload.header_length, 58);
  EXPECT_EQ(burst[0].offload.checksum_start, 38);
  EXPECT_EQ(burst[0].offload.checksum_offset, 16);
  EXPECT_EQ(burst[0].offload.segment_size, 500);
}

TEST(Lend, LeavesOutRemarksThatAskForNothing) {
  constexpr std::uint8_t kDataValid = 2;  // virtio 1.2, clause 5.1.6.4.1
  const Bytes bytes = FrameBuilder().fill_to(100).build();
  Offload remark;
  remark.flags = kDataValid;
  remark.header_length = 54;
  Burst burst;
  lend(remark, bytes, {}, burst);
  EXPECT_FALSE(burst[0].offload.any());
  EXPECT_EQ(burst[0].offload.header_length, 0);
}

}  // namespace
}  // namespace hpvmnet::host
