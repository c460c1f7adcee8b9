#include "capture/record_ring.h"

#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "unit/capture/frame_of.h"

namespace hpvmnet {
namespace {

constexpr std::size_t kAll = ~std::size_t{0};

bool put(RecordRing& ring, std::uint32_t number, std::size_t length, std::size_t captured) {
  const test::Bytes bytes = numbered(number, length);
  Frame frame;
  lend(bytes, frame);
  CaptureRecord record;
  record.time_ns = number;
  record.length = frame.length;
  record.captured = static_cast<std::uint32_t>(captured);
  return ring.put(record, frame);
}

// The number of an intact record.
std::uint32_t number_of(const CaptureRecord& record, std::span<const std::byte> bytes) {
  const auto number = static_cast<std::uint32_t>(record.time_ns);
  test::Bytes expected = numbered(number, record.length);
  expected.resize(record.captured);
  EXPECT_TRUE(std::ranges::equal(bytes, expected)) << number;
  return number;
}

std::vector<std::uint32_t> take(RecordRing& ring, std::size_t most = kAll) {
  std::vector<std::uint32_t> numbers;
  ring.take(most, [&](const CaptureRecord& record, std::span<const std::byte> bytes) {
    numbers.push_back(number_of(record, bytes));
  });
  return numbers;
}

TEST(RecordRing, KeepsTheBeginningsOfFramesInOrder) {
  RecordRing ring;
  EXPECT_TRUE(put(ring, 1, 60, 60));
  EXPECT_TRUE(put(ring, 2, 9000, 9000));
  EXPECT_TRUE(put(ring, 3, 9000, 20));
  EXPECT_TRUE(put(ring, 4, 60, 0));
  EXPECT_EQ(take(ring), (std::vector<std::uint32_t>{1, 2, 3, 4}));
  EXPECT_TRUE(take(ring).empty());
}

TEST(RecordRing, GivesNoMoreThanIsAskedFor) {
  RecordRing ring;
  for (std::uint32_t i = 0; i < 10; ++i) put(ring, i, 1000, 1000);
  EXPECT_EQ(take(ring, 2500).size(), 3);  // the one that makes it enough is whole
  EXPECT_EQ(take(ring).size(), 7);
}

TEST(RecordRing, RefusesWhatItHasNoRoomForAndGoesOn) {
  RecordRing ring;
  std::uint32_t kept = 0;
  while (put(ring, kept, 65000, 65000)) ++kept;
  EXPECT_GE(kept, RecordRing::kSize / 66000);
  EXPECT_FALSE(put(ring, 0, 65000, 65000));
  EXPECT_EQ(take(ring).size(), kept);
  EXPECT_TRUE(put(ring, 7, 65000, 65000));
  EXPECT_EQ(take(ring), std::vector<std::uint32_t>{7});
}

TEST(RecordRing, AReaderAtTheSameTimeSeesWholeRecordsInOrder) {
  RecordRing ring;
  constexpr std::uint32_t kCount = 20'000;
  std::uint32_t lost = 0;
  std::jthread worker([&] {
    for (std::uint32_t i = 0; i < kCount; ++i) {
      if (!put(ring, i, 60 + i % 3000, 60 + i % 3000)) ++lost;
    }
    while (!put(ring, kCount, 60, 60)) std::this_thread::yield();
  });
  std::uint32_t seen = 0;
  std::uint32_t last = 0;
  while (last != kCount) {
    for (const std::uint32_t number : take(ring, 64 << 10)) {
      EXPECT_TRUE(seen == 0 || number > last);
      last = number;
      ++seen;
    }
  }
  worker.join();
  EXPECT_EQ(seen + lost, kCount + 1);
}

}  // namespace
}  // namespace hpvmnet
