// What lowering makes is what the kernel makes of the same frames, to the byte.

#include <iostream>
#include <memory>
#include <random>
#include <system_error>

#include <gtest/gtest.h>

#include "offload/check.h"
#include "unit/offload/kernel_segmenter.h"
#include "unit/offload/segment_frames.h"

namespace hpvmnet::test {
namespace {

class Kernel : public ::testing::Test {
 protected:
  void SetUp() override {
    try {
      kernel_ = std::make_unique<KernelSegmenter>();
    } catch (const std::system_error& error) {
      GTEST_SKIP() << "needs root and /dev/net/tun: " << error.what();
    }
  }

  void compare(const SegmentFrame& frame, std::size_t part) {
    LentFrame lent(frame, part);
    ASSERT_TRUE(check_offload(lent.frame));
    const std::vector<Bytes> ours = lower_all(lent.frame);
    kernel_->send(frame);
    for (std::size_t i = 0; i < ours.size(); ++i) {
      const std::optional<Bytes> theirs = kernel_->receive();
      ASSERT_TRUE(theirs) << "the kernel has made " << i << " of " << ours.size();
      ASSERT_EQ(ours[i], *theirs) << "frame " << i << " of " << ours.size();
    }
  }

  std::unique_ptr<KernelSegmenter> kernel_;
};

TEST_F(Kernel, MakesTheSameSegments) {
  constexpr unsigned kFrames = 10'000;
  const std::uint64_t seed = std::random_device()();
  std::cout << "seed " << seed << std::endl;
  std::mt19937_64 random(seed);
  const auto below = [&](std::uint64_t end) { return static_cast<std::uint32_t>(random() % end); };
  for (unsigned i = 0; i < kFrames; ++i) {
    SegmentPlan plan;
    plan.seed = random();
    plan.ipv6 = below(2) != 0;
    plan.tcp = below(3) != 0;
    plan.ecn = plan.tcp && below(4) == 0;
    plan.tags = below(3);
    plan.network_extra = below(3) * 8;
    plan.tcp_options = plan.tcp ? below(5) * 4 : 0;
    plan.tcp_flags = static_cast<std::uint8_t>(below(256) & ~0x06U);  // neither SYN nor RST
    plan.segment_size = static_cast<std::uint16_t>(kLeastTcpSegment + below(1500));
    const std::uint32_t most = std::min<std::uint32_t>(100U * plan.segment_size, 64'000);
    plan.payload = plan.segment_size + 1U + below(most - plan.segment_size);
    ASSERT_NO_FATAL_FAILURE(compare(make_segment_frame(plan), 1 + below(5000))) << "frame " << i;
  }
}

TEST_F(Kernel, CompletesTheSameChecksums) {
  std::mt19937_64 random(3);
  for (unsigned i = 0; i < 1000; ++i) {
    SegmentPlan plan;
    plan.seed = random();
    plan.ipv6 = random() % 2 != 0;
    plan.tcp = random() % 2 != 0;
    plan.payload = static_cast<std::uint32_t>(random() % 1400);
    SegmentFrame frame = make_segment_frame(plan);
    frame.offload.segmentation = Offload::kNone;
    frame.offload.segment_size = 0;
    ASSERT_NO_FATAL_FAILURE(compare(frame, 1 + random() % 700)) << "frame " << i;
  }
}

}  // namespace
}  // namespace hpvmnet::test
