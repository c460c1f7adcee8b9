#include "frame/copy.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "frame/burst.h"

namespace hpvmnet {
namespace {

std::vector<std::byte> pattern(std::size_t length) {
  std::vector<std::byte> bytes(length);
  for (std::size_t i = 0; i < length; ++i) bytes[i] = static_cast<std::byte>(i * 7 + i / 256 + 1);
  return bytes;
}

TEST(CopyBytes, EachLengthExactly) {
  constexpr std::size_t kLongest = 300;
  constexpr std::size_t kMargin = 64;
  const std::vector<std::byte> from = pattern(kLongest);
  for (std::size_t length = 0; length <= kLongest; ++length) {
    std::vector<std::byte> to(kLongest + 2 * kMargin);
    copy_bytes(to.data() + kMargin, from.data(), length);
    std::vector<std::byte> expected(to.size());
    std::copy_n(from.begin(), length, expected.begin() + kMargin);
    ASSERT_EQ(to, expected) << length;
  }
}

// Past the caches, whatever the alignment.
TEST(CopyBytes, LongRunsExactly) {
  constexpr std::size_t kMargin = 64;
  const std::vector<std::byte> from = pattern(kStreamedRun + 2 * kMargin);
  for (std::size_t place = 0; place <= kMargin; place += 13) {
    for (std::size_t length = kStreamedRun - 1; length <= kStreamedRun + kMargin; ++length) {
      std::vector<std::byte> to(from.size() + kMargin);
      copy_bytes(to.data() + place, from.data() + kMargin - place, length);
      std::vector<std::byte> expected(to.size());
      std::copy_n(from.data() + kMargin - place, length, expected.data() + place);
      ASSERT_EQ(to, expected) << length << " bytes to offset " << place;
    }
  }
}

// A frame's head is private, its rest in the sender's memory, in any number of parts.
TEST(CopyFrame, PutsHeadAndPartsTogether) {
  const std::vector<std::byte> whole = pattern(2000);
  Burst burst;
  for (const std::size_t part_length : {1U, 13U, 400U, 5000U}) {
    burst.clear();
    Frame& frame = burst.next();
    std::copy_n(whole.begin(), Frame::kHeadCapacity, frame.head.begin());
    frame.length = 2000;
    frame.head_length = Frame::kHeadCapacity;
    frame.parts = burst.free_parts();
    frame.part_count = 0;
    for (std::size_t at = Frame::kHeadCapacity; at < whole.size(); at += part_length) {
      const std::size_t length = std::min(part_length, whole.size() - at);
      burst.free_parts()[frame.part_count++] = {whole.data() + at,
                                                static_cast<std::uint32_t>(length)};
    }
    burst.take_parts(frame.part_count);
    burst.push();
    std::vector<std::byte> to(whole.size());
    copy_frame(to.data(), frame);
    EXPECT_EQ(to, whole) << part_length;
  }
}

TEST(CopyFrame, ShortFramesAreAllHead) {
  const std::vector<std::byte> whole = pattern(60);
  Burst burst;
  Frame& frame = burst.next();
  std::copy(whole.begin(), whole.end(), frame.head.begin());
  frame.set_contiguous(60, nullptr);
  EXPECT_TRUE(frame.rest().empty());
  std::vector<std::byte> to(60);
  copy_frame(to.data(), frame);
  EXPECT_EQ(to, whole);
}

}  // namespace
}  // namespace hpvmnet
