#include <array>
#include <cstring>
#include <vector>

#include <gtest/gtest.h>

#include "switch/pipeline.h"
#include "unit/switch/lend_frames.h"
#include "unit/switch/recording_port.h"

namespace hpvmnet {
namespace {

constexpr std::uint8_t kFirstByteOfPayload = 14;

// Refuses the frames whose payload begins with `unwanted`, and keeps what it was asked.
class PickyFilter final : public Filter {
 public:
  explicit PickyFilter(std::byte unwanted) : unwanted_(unwanted) {}

  FrameMask judge(const Burst& burst, FrameMask frames, unsigned port) noexcept override {
    asked.push_back(frames);
    ports.push_back(port);
    FrameMask bad = also;
    for_each(frames, [&](unsigned i) {
      if (burst[i].head[kFirstByteOfPayload] == unwanted_) bad |= FrameMask{1} << i;
    });
    return bad;
  }

  FrameMask also = 0;
  std::vector<FrameMask> asked;
  std::vector<unsigned> ports;

 private:
  std::byte unwanted_;
};

// Station 1 sends to station 2.
Bytes frame_with(int payload, int source = 1) {
  Bytes frame(60);
  frame[0] = frame[6] = std::byte{2};
  frame[5] = std::byte{2};
  frame[11] = static_cast<std::byte>(source);
  frame[12] = std::byte{8};
  frame[kFirstByteOfPayload] = static_cast<std::byte>(payload);
  return frame;
}

class FilterTest : public testing::Test {
 protected:
  FilterTest() {
    view_.up = true;
    view_.macs = &macs_;
    view_.index_of.fill(VswitchView::kAbsent);
    add_port(4);
    add_port(7);
    add_port(VswitchView::kOwnPort);
    view_.filters = {&first_, &second_};
  }

  void add_port(std::uint16_t number) {
    const std::size_t at = view_.ports.size();
    view_.index_of[number] = static_cast<std::uint16_t>(at);
    view_.ports.push_back({.port = &ports_[at], .tallies = &tallies_[at], .number = number});
  }

  Frames run(const Frames& frames, std::uint16_t ingress = 0) {
    for (RecordingPort& port : ports_) port.received.clear();
    lend_frames(frames, burst_);
    run_pipeline(burst_, {&view_, ingress, 0, -1}, 0, 0);
    return ports_[1].received;
  }

  std::uint64_t filtered() const {
    return tallies_[0].drops[static_cast<std::size_t>(Drop::filtered)].get();
  }

  MacTable macs_{1};
  std::array<RecordingPort, 3> ports_;
  std::array<Tally, 3> tallies_;
  PickyFilter first_{std::byte{1}};
  PickyFilter second_{std::byte{2}};
  VswitchView view_;
  Burst burst_;
};

TEST_F(FilterTest, WhatOneRefusesIsDroppedAndCounted) {
  EXPECT_EQ(run({frame_with(0), frame_with(1), frame_with(2), frame_with(3)}),
            (Frames{frame_with(0), frame_with(3)}));
  EXPECT_EQ(filtered(), 2u);
}

TEST_F(FilterTest, EachIsAskedInTurnOfWhatTheOnesBeforeLetPass) {
  run({frame_with(0), frame_with(1), frame_with(2)});
  EXPECT_EQ(first_.asked, std::vector<FrameMask>{0b111});
  EXPECT_EQ(first_.ports, std::vector<unsigned>{4});
  EXPECT_EQ(second_.asked, std::vector<FrameMask>{0b101});
}

TEST_F(FilterTest, NoneIsAskedWhereNothingIsLeft) {
  run({frame_with(1), frame_with(1)});
  EXPECT_TRUE(second_.asked.empty());
  view_.up = false;
  run({frame_with(0)});
  EXPECT_EQ(first_.asked.size(), 1u);
}

TEST_F(FilterTest, WhatItSaysOfOtherFramesHasNoEffect) {
  first_.also = ~FrameMask{0b01};
  EXPECT_EQ(run({frame_with(0), frame_with(0)}), Frames{frame_with(0)});
  EXPECT_EQ(filtered(), 1u);
}

TEST_F(FilterTest, SendersOfRefusedFramesAreNotLearnt) {
  run({frame_with(1, 9)});
  EXPECT_EQ(macs_.size(), 0u);
  run({frame_with(0, 9)});
  EXPECT_EQ(macs_.size(), 1u);
}

TEST_F(FilterTest, WhatTheSwitchSendsItselfPasses) {
  EXPECT_EQ(run({frame_with(1)}, 2), Frames{frame_with(1)});
  EXPECT_TRUE(first_.asked.empty());
}

}  // namespace
}  // namespace hpvmnet
