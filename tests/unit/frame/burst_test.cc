#include "frame/burst.h"

#include <gtest/gtest.h>

namespace hpvmnet {
namespace {

TEST(Burst, HoldsAsManyFramesAsItSays) {
  Burst burst;
  EXPECT_TRUE(burst.empty());
  while (burst.room() > 0) {
    burst.next().length = static_cast<std::uint32_t>(burst.size());
    burst.push();
  }
  ASSERT_EQ(burst.size(), Burst::kCapacity);
  for (std::size_t i = 0; i < burst.size(); ++i) EXPECT_EQ(burst[i].length, i);
  burst.clear();
  EXPECT_TRUE(burst.empty());
}

TEST(Burst, PartsAreTakenFromTheFront) {
  Burst burst;
  EXPECT_EQ(burst.part_room(), Burst::kPartCapacity);
  Part* const first = burst.free_parts();
  burst.take_parts(100);
  EXPECT_EQ(burst.free_parts(), first + 100);
  EXPECT_EQ(burst.part_room(), Burst::kPartCapacity - 100);
  burst.clear();
  EXPECT_EQ(burst.free_parts(), first);
}

TEST(Frame, ContiguousRestFollowsTheHead) {
  Burst burst;
  Frame& frame = burst.next();
  const std::byte rest{};
  frame.set_contiguous(1514, &rest);
  EXPECT_EQ(frame.head_length, Frame::kHeadCapacity);
  ASSERT_EQ(frame.part_count, 1U);
  EXPECT_EQ(frame.parts->data, &rest);
  EXPECT_EQ(frame.parts->length, 1514 - Frame::kHeadCapacity);
}

TEST(Frame, ShareNoCacheLine) {
  EXPECT_EQ(alignof(Frame), 64U);
  EXPECT_EQ(sizeof(Frame) % 64, 0U);
}

}  // namespace
}  // namespace hpvmnet
