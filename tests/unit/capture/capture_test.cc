#include "capture/capture.h"

#include <gtest/gtest.h>

#include "unit/capture/frame_of.h"

namespace hpvmnet {
namespace {

using Kind = CaptureRecord::Kind;

std::size_t kept(Capture& capture) {
  std::size_t frames = 0;
  capture.take(~std::size_t{0}, [&](const auto&, const auto&) { ++frames; });
  return frames;
}

CaptureRequest request(auto set) {
  CaptureRequest request;
  set(request);
  return request;
}

class CaptureTest : public testing::Test {
 protected:
  CaptureTest() { lend(bytes_, frame_); }
  void offer(Capture& capture, std::uint16_t port, Kind kind = Kind::ingress,
             std::uint16_t came_in_by = 0, unsigned worker = 0) {
    CaptureRecord record;
    record.port = port;
    record.kind = kind;
    record.came_in_by = came_in_by;
    capture.offer(worker, record, frame_);
  }

  test::Bytes bytes_ = numbered(1, 9000);
  Frame frame_;
};

TEST_F(CaptureTest, KeepsAsMuchAsIsWanted) {
  Capture capture(request([](auto& to) { to.longest = 100; }), 1);
  offer(capture, 5);
  capture.take(1000, [&](const CaptureRecord& record, std::span<const std::byte> bytes) {
    EXPECT_EQ(record.port, 5);
    EXPECT_EQ(record.length, 9000);
    EXPECT_EQ(bytes.size(), 100);
  });
}

TEST_F(CaptureTest, ReadsAllWorkers) {
  Capture capture({}, 3);
  for (unsigned worker = 0; worker < 3; ++worker) offer(capture, 1, Kind::ingress, 1, worker);
  EXPECT_EQ(kept(capture), 3);
}

TEST_F(CaptureTest, OfAPortIsWhatItIsConcernedWith) {
  Capture capture(request([](auto& to) {
                    to.port = 7;
                    to.egress = to.drops = true;
                  }),
                  1);
  offer(capture, 7);
  offer(capture, 8);
  offer(capture, 8, Kind::egress, 7);
  offer(capture, 8, Kind::drop, 7);  // "where did my packet go?"
  EXPECT_EQ(kept(capture), 2);
}

TEST_F(CaptureTest, CountsWhatIsLostByPort) {
  Capture capture({}, 2);
  constexpr std::uint64_t kOffered = 1000;  // 9 MB
  for (std::uint64_t i = 0; i < kOffered; ++i) offer(capture, 3);
  offer(capture, 4, Kind::ingress, 4, 1);
  const auto lost = capture.lost();
  ASSERT_EQ(lost.size(), 1);
  EXPECT_EQ(lost.at(3) + kept(capture), kOffered + 1);
}

TEST_F(CaptureTest, WantsNothingWhenItsReaderHasGone) {
  Capture capture(request([](auto& to) { to.egress = to.drops = true; }), 1);
  EXPECT_TRUE(capture.wants_ingress() && capture.wants_egress() && capture.wants_drops());
  capture.close();
  EXPECT_FALSE(capture.wants_ingress() || capture.wants_egress() || capture.wants_drops());
}

}  // namespace
}  // namespace hpvmnet
