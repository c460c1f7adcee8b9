#include "trace/trace.h"

#include <gmock/gmock.h>

#include "support/frame_builder.h"
#include "unit/switch/recording_port.h"

namespace hpvmnet {
namespace {

using test::FrameBuilder;
using test::test_mac;
using testing::HasSubstr;

// Ports 1 and 2 in no VLAN, 3 in VLAN 10, 4 a trunk of VLANs 10 and 20; 7 is not attached.
class TraceTest : public testing::Test {
 protected:
  TraceTest() {
    trunk_.tagged = *VlanSet::parse("10,20");
    trunk_.untagged = kNoDomain;
    view_.up = true;
    view_.macs = &macs_;
    view_.index_of.fill(VswitchView::kAbsent);
    for (std::uint16_t i = 0; i < ports_.size(); ++i) {
      view_.index_of[i + 1] = i;
      view_.ports.push_back({.port = &ports_[i],
                             .tallies = &tallies_[i],
                             .number = static_cast<std::uint16_t>(i + 1),
                             .domain = i == 2 ? Domain{10} : kNoVlan});
    }
    view_.ports[3].domain = trunk_.untagged;
    view_.ports[3].tags = &trunk_;
    CaptureRequest everything;
    everything.egress = everything.drops = true;
    capture_ = std::make_shared<Capture>(everything, 1);
    view_.observers = std::make_shared<const Observers>(Observers{{capture_}, nullptr});
  }

  void know(MacAddress station, std::uint16_t port, Domain domain = kNoVlan) {
    macs_.learn(macs_.key(station.value(), domain), port, 0);
  }
  Trace trace(std::uint16_t port, const FrameBuilder& frame) {
    const test::Bytes bytes = frame.build();
    return trace_frame(view_, view_.index_of[port], bytes, 0);
  }
  static FrameBuilder frame(std::uint32_t to, std::uint32_t from) {
    return FrameBuilder().to(test_mac(to)).from(test_mac(from)).fill_to(60);
  }

  MacTable macs_{1};
  PortVlans trunk_;
  std::array<RecordingPort, 4> ports_;
  std::array<Tally, 4> tallies_;
  VswitchView view_;
  std::shared_ptr<Capture> capture_;
};

TEST_F(TraceTest, SaysWhereAKnownStationIs) {
  know(test_mac(2), 2);
  const Trace done = trace(1, frame(2, 1));
  EXPECT_FALSE(done.dropped);
  EXPECT_FALSE(done.flooded);
  ASSERT_EQ(done.receivers.size(), 1);
  EXPECT_EQ(done.receivers[0].port, 2);
  EXPECT_EQ(done.receivers[0].change, "");
  EXPECT_THAT(done.steps.back().text, HasSubstr("behind port 2"));
}

TEST_F(TraceTest, HasTheStagesOfThePacketPath) {
  const Trace done = trace(1, frame(2, 1));
  std::vector<std::string> stages;
  for (const Trace::Step& step : done.steps) stages.push_back(step.stage);
  EXPECT_EQ(stages.front(), "parse");
  EXPECT_EQ(stages.back(), "forward");
  EXPECT_TRUE(done.flooded);
}

TEST_F(TraceTest, TellsOfTags) {
  const Trace done = trace(3, frame(9, 1));
  ASSERT_EQ(done.receivers.size(), 1);
  EXPECT_EQ(done.receivers[0].port, 4);
  EXPECT_EQ(done.receivers[0].change, "with the tag of VLAN 10 in place of no tag");
}

TEST_F(TraceTest, SaysWhyItIsDropped) {
  const auto expect = [](const Trace& done, Drop reason, const char* text) {
    ASSERT_EQ(done.dropped, reason);
    EXPECT_THAT(done.because, HasSubstr(text));
    EXPECT_TRUE(done.receivers.empty());
  };
  know(test_mac(5), 1);
  know(test_mac(7), 7);
  expect(trace(1, frame(5, 1)), Drop::same_port, "behind port 1, too");
  expect(trace(1, frame(7, 1)), Drop::not_ready, "port 7, which is not attached");
  expect(trace(1, frame(2, 1).vlan(30)), Drop::tagged, "VLAN 30");
  expect(trace(4, frame(2, 1).vlan(30)), Drop::vlan, "trunk of 10,20");
  expect(trace(4, frame(2, 1)), Drop::untagged, "native");
  expect(trace(4, frame(2, 1).vlan(20)), Drop::no_receiver, "VLAN 20");
  view_.up = false;
  expect(trace(1, frame(2, 1)), Drop::vswitch_down, "boot");
}

TEST_F(TraceTest, HasNoEffect) {
  know(test_mac(2), 2);
  know(test_mac(3), 2);
  trace(1, frame(2, 3));           // would move
  trace(1, frame(8, 9));           // would be learnt
  trace(1, frame(2, 1).vlan(30));  // would be dropped
  EXPECT_EQ(macs_.size(), 2);
  EXPECT_EQ(macs_.find(macs_.key(test_mac(3).value(), kNoVlan), 0), 2);
  for (std::size_t i = 0; i < ports_.size(); ++i) {
    EXPECT_TRUE(ports_[i].received.empty());
    EXPECT_EQ(tallies_[i].ingress_frames.get(), 0);
    for (const Counter& drops : tallies_[i].drops) EXPECT_EQ(drops.get(), 0);
  }
  EXPECT_FALSE(capture_->take(1000, [](const auto&, const auto&) {}));
}

TEST_F(TraceTest, SaysWhatWouldBeLearnt) {
  know(test_mac(3), 2);
  const auto learnt = [](const Trace& done) {
    for (const Trace::Step& step : done.steps) {
      if (step.stage == "learn") return step.text;
    }
    return std::string();
  };
  EXPECT_THAT(learnt(trace(1, frame(8, 9))), HasSubstr("would be learnt behind port 1"));
  EXPECT_THAT(learnt(trace(1, frame(8, 3))), HasSubstr("would move to port 1"));
  EXPECT_THAT(learnt(trace(2, frame(8, 3))), HasSubstr("is known behind port 2"));
}

}  // namespace
}  // namespace hpvmnet
