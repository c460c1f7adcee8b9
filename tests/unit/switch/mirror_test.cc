#include "switch/mirror.h"

#include <array>
#include <memory>

#include <gtest/gtest.h>

#include "support/frame_builder.h"
#include "switch/pipeline.h"
#include "unit/switch/lend_frames.h"
#include "unit/switch/recording_port.h"

namespace hpvmnet {
namespace {

using test::FrameBuilder;
using test::test_mac;

constexpr std::uint16_t kSender = 1;
constexpr std::uint16_t kReceiver = 2;
constexpr std::uint16_t kTrunk = 3;
constexpr std::uint16_t kLooker = 7;
constexpr VlanId kVlan = 20;

// Sender and receiver are in a VLAN, the trunk carries it; nobody is known yet.
class MirrorTest : public testing::Test {
 protected:
  MirrorTest() {
    trunk_.untagged = kNoDomain;
    trunk_.tagged = VlanSet::all();
    view_.up = true;
    view_.macs = &macs_;
    view_.index_of.fill(VswitchView::kAbsent);
    for (const std::uint16_t number : {kSender, kReceiver, kTrunk, kLooker}) {
      const std::size_t at = view_.ports.size();
      view_.index_of[number] = static_cast<std::uint16_t>(at);
      view_.ports.push_back({.port = &ports_[at],
                             .tallies = &tallies_[at],
                             .number = number,
                             .domain = number == kTrunk ? kNoDomain : Domain{kVlan},
                             .offloads = OffloadSet{0xff},
                             .tags = number == kTrunk ? &trunk_ : nullptr});
    }
    place_of(kLooker).domain = kMirrorPort;
    mirror_.number = kLooker;
    mirror_.place = view_.index_of[kLooker];
  }

  PortView& place_of(std::uint16_t number) { return view_.ports[view_.index_of[number]]; }
  const Frames& received(std::uint16_t number) { return ports_[view_.index_of[number]].received; }
  std::uint64_t drops(std::uint16_t number, Drop reason) {
    return place_of(number).tallies[0].drops[static_cast<std::size_t>(reason)].get();
  }

  void run(const Frames& frames, std::uint16_t from = kSender) {
    for (RecordingPort& port : ports_) port.received.clear();
    lend_frames(frames, burst_);
    run_burst(from);
  }

  // What is lent.
  void run_burst(std::uint16_t from) {
    view_.observers = std::make_shared<const Observers>(
        Observers{.captures = {}, .mirror = std::make_shared<const Mirror>(mirror_)});
    run_pipeline(burst_, {&view_, view_.index_of[from], 0, -1}, 0, 0);
  }

  static Bytes frame(std::uint32_t to, std::uint32_t from, std::size_t length = 60) {
    return FrameBuilder().to(test_mac(to)).from(test_mac(from)).fill_to(length).build();
  }

  // Chooses frames longer than that.
  static PacketFilter longer_than(std::uint32_t length) {
    return PacketFilter::make({{BPF_LD | BPF_W | BPF_LEN, 0, 0, 0},
                               {BPF_JMP | BPF_JGT | BPF_K, 0, 1, length},
                               {BPF_RET | BPF_K, 0, 0, 1},
                               {BPF_RET | BPF_K, 0, 0, 0}})
        .value();
  }

  PortVlans trunk_;
  MacTable macs_{1};
  std::array<RecordingPort, 4> ports_;
  std::array<Tally, 4> tallies_;
  Mirror mirror_;
  VswitchView view_;
  Burst burst_;
};

TEST_F(MirrorTest, WhatComesInIsCopiedOnceAndGoesItsWay) {
  mirror_.ingress.set(kSender);
  run({frame(kReceiver, kSender), frame(kReceiver, kSender, 90)});
  EXPECT_EQ(received(kLooker), (Frames{frame(kReceiver, kSender), frame(kReceiver, kSender, 90)}));
  EXPECT_EQ(received(kReceiver), received(kLooker));
  EXPECT_EQ(received(kTrunk).size(), 2u);  // flooded
}

TEST_F(MirrorTest, WhatLeavesIsCopiedAsItLeft) {
  mirror_.egress.set(kTrunk);
  run({frame(kReceiver, kSender)});
  EXPECT_EQ(received(kLooker), received(kTrunk));
  ASSERT_EQ(received(kLooker).size(), 1u);
  EXPECT_EQ(received(kLooker)[0].size(), 64u);  // with its tag
}

TEST_F(MirrorTest, OfOtherPortsNothingIsCopied) {
  mirror_.ingress.set(kReceiver);
  mirror_.egress.set(kSender);
  run({frame(kReceiver, kSender)});
  EXPECT_TRUE(received(kLooker).empty());
  run({frame(kSender, kReceiver)}, kReceiver);
  EXPECT_EQ(received(kLooker).size(), 2u);
}

TEST_F(MirrorTest, OnlyWhatTheFilterChoosesIsCopied) {
  mirror_.ingress.set(kSender);
  mirror_.egress.set(kReceiver);
  mirror_.filter = longer_than(60);
  run({frame(kReceiver, kSender), frame(kReceiver, kSender, 90)});
  EXPECT_EQ(received(kLooker),
            (Frames{frame(kReceiver, kSender, 90), frame(kReceiver, kSender, 90)}));
  EXPECT_EQ(received(kReceiver).size(), 2u);
}

TEST_F(MirrorTest, ItsPortGetsNothingElse) {
  run({frame(kReceiver, kSender)});
  EXPECT_TRUE(received(kLooker).empty());
  macs_.learn(macs_.key(test_mac(kLooker).value(), kVlan), kLooker, 0);  // from the time before
  run({frame(kLooker, kSender)});
  EXPECT_TRUE(received(kLooker).empty());
}

TEST_F(MirrorTest, WhatItsPortSendsIsDroppedAndCounted) {
  mirror_.ingress.set(kSender);
  run({frame(kReceiver, kLooker)}, kLooker);
  EXPECT_TRUE(received(kReceiver).empty());
  EXPECT_EQ(drops(kLooker, Drop::mirror_port), 1u);
  EXPECT_EQ(macs_.size(), 0u);
}

TEST_F(MirrorTest, WithoutItsPortFramesGoTheirWay) {
  mirror_.ingress.set(kSender);
  mirror_.egress.set(kReceiver);
  mirror_.place = VswitchView::kAbsent;
  run({frame(kReceiver, kSender)});
  EXPECT_TRUE(received(kLooker).empty());
  EXPECT_EQ(received(kReceiver).size(), 1u);
}

TEST_F(MirrorTest, WhatIsDroppedOnItsWayInIsNotCopied) {
  mirror_.ingress.set(kSender);
  view_.up = false;
  run({frame(kReceiver, kSender)});
  EXPECT_TRUE(received(kLooker).empty());
}

// As a guest without offloads needs them.
TEST_F(MirrorTest, CopiesAskForNothingThatThePortDoesNotTake) {
  mirror_.ingress.set(kSender);
  mirror_.egress.set(kReceiver);
  place_of(kLooker).offloads = 0;
  const Frames lent{FrameBuilder()
                        .to(test_mac(kReceiver))
                        .from(test_mac(kSender))
                        .type(0x0800)
                        .fill_to(200)
                        .build()};
  lend_frames(lent, burst_);
  Frame& asks = burst_[0];
  asks.offload = {};
  asks.offload.flags = 1;  // the checksum is left to others
  asks.offload.checksum_start = 34;
  asks.offload.checksum_offset = 16;
  run_burst(kSender);
  const RecordingPort& looker = ports_[view_.index_of[kLooker]];
  EXPECT_EQ(looker.offloads, (std::vector<bool>{false, false}));
  EXPECT_EQ(ports_[view_.index_of[kReceiver]].offloads, std::vector<bool>{true});
}

}  // namespace
}  // namespace hpvmnet
