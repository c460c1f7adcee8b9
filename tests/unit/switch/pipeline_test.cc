#include "switch/pipeline.h"

#include <algorithm>
#include <cstring>
#include <map>

#include <gtest/gtest.h>

#include "support/counting_signal.h"
#include "switch/group_address.h"
#include "unit/switch/lend_frames.h"
#include "unit/switch/recording_port.h"

namespace hpvmnet {
namespace {

constexpr std::uint64_t kBroadcast = 0xffff'ffff'ffff;
constexpr std::uint64_t mac(unsigned station) { return 0x02'00'00'00'00'00 + station; }

Bytes make_frame(std::uint64_t to, std::uint64_t from, std::uint16_t type = 0x88b5,
                 std::size_t length = 60) {
  Bytes frame(length);
  for (unsigned i = 0; i < 6; ++i) {
    frame[i] = static_cast<std::byte>(to >> (40 - 8 * i));
    frame[6 + i] = static_cast<std::byte>(from >> (40 - 8 * i));
  }
  frame[12] = static_cast<std::byte>(type >> 8);
  frame[13] = static_cast<std::byte>(type);
  for (std::size_t i = 14; i < length; ++i) frame[i] = static_cast<std::byte>(i * 7);
  return frame;
}

// A vswitch with four ports: 0, 1 and 2 without a VLAN, 3 in VLAN 10.
class PipelineTest : public testing::Test {
 protected:
  PipelineTest() {
    view_.up = true;
    view_.macs = &macs_;
    view_.index_of.fill(VswitchView::kAbsent);
    for (std::uint16_t i = 0; i < kPorts; ++i) {
      view_.index_of[number(i)] = i;
      view_.ports.push_back({.port = &ports_[i],
                             .tallies = &tallies_[i],
                             .number = number(i),
                             .domain = i == 3 ? Domain{10} : kNoVlan});
    }
  }

  static constexpr std::uint16_t number(std::uint16_t index) {
    return static_cast<std::uint16_t>(index + 100);
  }

  void run(std::uint16_t ingress, const Frames& frames) {
    lend_frames(frames, burst_);
    run_pipeline(burst_, {&view_, ingress, 0, -1}, 0, 0);
  }

  std::uint64_t drops(std::uint16_t port, Drop reason) {
    return tallies_[port].drops[static_cast<std::size_t>(reason)].get();
  }

  static constexpr std::uint16_t kPorts = 4;
  MacTable macs_{1};
  std::array<RecordingPort, kPorts> ports_;
  std::array<Tally, kPorts> tallies_;
  VswitchView view_;
  Burst burst_;
};

TEST_F(PipelineTest, FloodsToItsDomainWhatItDoesNotKnow) {
  const Bytes frame = make_frame(mac(9), mac(0));
  run(0, {frame});
  EXPECT_TRUE(ports_[0].received.empty());
  EXPECT_EQ(ports_[1].received, Frames{frame});
  EXPECT_EQ(ports_[2].received, Frames{frame});
  EXPECT_TRUE(ports_[3].received.empty());
}

TEST_F(PipelineTest, SendsToTheOnePortWhereTheReceiverWasSeen) {
  run(1, {make_frame(kBroadcast, mac(1))});
  for (RecordingPort& port : ports_) port.received.clear();
  const Bytes frame = make_frame(mac(1), mac(0), 0x0800, 1514);
  run(0, {frame});
  EXPECT_EQ(ports_[1].received, Frames{frame});
  EXPECT_TRUE(ports_[2].received.empty());
}

TEST_F(PipelineTest, SendsABurstToEachReceiverInOneCallAndInOrder) {
  run(1, {make_frame(kBroadcast, mac(1))});
  run(2, {make_frame(kBroadcast, mac(2))});
  for (RecordingPort& port : ports_) port = RecordingPort();
  Frames burst;
  for (std::uint16_t i = 0; i < Burst::kCapacity; ++i) {
    burst.push_back(make_frame(mac(1 + i % 2u), mac(0), static_cast<std::uint16_t>(0x9000 + i)));
  }
  run(0, burst);
  for (const unsigned port : {1u, 2u}) {
    EXPECT_EQ(ports_[port].sends, 1);
    ASSERT_EQ(ports_[port].received.size(), Burst::kCapacity / 2);
    for (std::size_t i = 0; i < Burst::kCapacity / 2; ++i) {
      EXPECT_EQ(ports_[port].received[i], burst[2 * i + port - 1]);
    }
  }
}

std::uint32_t word(const Bytes& bytes, std::size_t at) {
  return static_cast<std::uint32_t>(bytes[at]) << 8 | static_cast<std::uint32_t>(bytes[at + 1]);
}

// A frame whose checksum is left to others, from its 15th byte on.
class PipelineOffloads : public PipelineTest {
 protected:
  void run_unfinished(const Bytes& bytes) {
    burst_.clear();
    Frame& frame = burst_.next();
    frame.set_contiguous(static_cast<std::uint32_t>(bytes.size()), nullptr);
    std::memcpy(frame.head.data(), bytes.data(), bytes.size());
    frame.offload = {.flags = Offload::kNeedsChecksum, .checksum_start = 14, .checksum_offset = 2};
    burst_.push();
    run_pipeline(burst_, {&view_, 0, 0, -1}, 0, 0);
  }
};

TEST_F(PipelineOffloads, EachReceiverGetsWhatItTakes) {
  view_.ports[1].offloads = offload::checksum;
  const Bytes frame = make_frame(kBroadcast, mac(0));
  run_unfinished(frame);
  EXPECT_EQ(ports_[1].received, Frames{frame});
  EXPECT_EQ(ports_[1].offloads, std::vector<bool>{true});
  ASSERT_EQ(ports_[2].received.size(), 1U);
  EXPECT_EQ(ports_[2].offloads, std::vector<bool>{false});
  const Bytes& finished = ports_[2].received[0];
  EXPECT_NE(finished, frame);
  // RFC 1071: what was sent, with the checksum written into it, sums up to all ones.
  std::uint32_t sum = word(finished, 16);
  for (std::size_t i = 14; i < frame.size(); i += 2) sum += word(frame, i);
  EXPECT_EQ(sum % 0xffff, 0U);
}

TEST_F(PipelineOffloads, RequestsThatContradictTheFrameAreDropped) {
  burst_.clear();
  Frame& frame = burst_.next();
  const Bytes bytes = make_frame(kBroadcast, mac(0));
  frame.set_contiguous(60, nullptr);
  std::memcpy(frame.head.data(), bytes.data(), bytes.size());
  frame.offload = {.flags = Offload::kNeedsChecksum, .checksum_start = 59};
  burst_.push();
  run_pipeline(burst_, {&view_, 0, 0, -1}, 0, 0);
  EXPECT_TRUE(ports_[1].received.empty());
  EXPECT_EQ(drops(0, Drop::bad_offload), 1U);
}

TEST_F(PipelineTest, NoFloodedFrameOvertakesAnother) {
  run(1, {make_frame(kBroadcast, mac(1))});
  ports_[1] = RecordingPort();
  const Frames burst{make_frame(mac(1), mac(0), 1), make_frame(kBroadcast, mac(0), 2),
                     make_frame(mac(1), mac(0), 3)};
  run(0, burst);
  EXPECT_EQ(ports_[1].received, burst);
  EXPECT_EQ(ports_[1].sends, 1);
}

TEST_F(PipelineTest, DropsWhatWouldGoBackWhereItCameFrom) {
  run(0, {make_frame(kBroadcast, mac(5)), make_frame(mac(5), mac(0))});
  EXPECT_EQ(drops(0, Drop::same_port), 1u);
}

TEST_F(PipelineTest, DropsRunts) {
  run(0, {make_frame(mac(1), mac(0), 0x0800, 14), Bytes(13), Bytes(1)});
  EXPECT_EQ(drops(0, Drop::runt), 2u);
  EXPECT_EQ(ports_[1].received.size(), 1u);
}

TEST_F(PipelineTest, DropsTaggedFramesOfBothKinds) {
  run(0, {make_frame(mac(1), mac(0), 0x8100), make_frame(mac(1), mac(0), 0x88a8)});
  EXPECT_EQ(drops(0, Drop::tagged), 2u);
  EXPECT_TRUE(ports_[1].received.empty());
}

TEST_F(PipelineTest, DropsGroupSourcesAndDoesNotLearnThem) {
  run(0, {make_frame(mac(1), 0x0100'0000'0005)});
  EXPECT_EQ(drops(0, Drop::group_source), 1u);
  EXPECT_EQ(macs_.size(), 0u);
}

TEST_F(PipelineTest, DropsEverythingWhileTheVswitchIsDown) {
  view_.up = false;
  run(0, {make_frame(kBroadcast, mac(0)), make_frame(mac(1), mac(0))});
  EXPECT_EQ(drops(0, Drop::vswitch_down), 2u);
  EXPECT_TRUE(ports_[1].received.empty());
  EXPECT_EQ(macs_.size(), 0u);
}

TEST_F(PipelineTest, EatsFramesBetweenNeighbours) {
  for (std::uint64_t last = 0; last <= 0xf; ++last) {  // IEEE 802.1Q, table 8-1
    run(0, {make_frame(0x01'80'c2'00'00'00 + last, mac(0))});
  }
  EXPECT_EQ(drops(0, Drop::reserved), 16u);
  EXPECT_TRUE(ports_[1].received.empty());
  run(0, {make_frame(0x01'80'c2'00'00'10, mac(0))});
  EXPECT_EQ(ports_[1].received.size(), 1u);
}

TEST_F(PipelineTest, NothingPassesABlockedPort) {
  view_.ports[1].domain = kBlocked;
  run(1, {make_frame(kBroadcast, mac(1)), make_frame(mac(0), mac(1))});
  EXPECT_EQ(drops(1, Drop::blocked), 2u);
  EXPECT_EQ(macs_.size(), 0u);
  run(0, {make_frame(kBroadcast, mac(0)), make_frame(mac(1), mac(0))});
  EXPECT_TRUE(ports_[1].received.empty());
  EXPECT_EQ(ports_[2].received.size(), 2u);
}

TEST_F(PipelineTest, GivesProbesToTheControlThread) {
  test::CountingSignal signal;
  Punt punt(signal);
  view_.punt = &punt;
  const Bytes probe = make_frame(kProbeGroup, mac(0), kProbeType);
  run(0, {probe, probe});
  run(3, {probe});
  EXPECT_TRUE(ports_[1].received.empty());
  EXPECT_EQ(drops(0, Drop::probe), 2u);
  EXPECT_EQ(signal.raised, 1) << "once for all that wait";
  for (const std::uint16_t port : {number(0), number(0), number(3)}) {
    const auto item = punt.take();
    ASSERT_TRUE(item);
    EXPECT_EQ(item->port, port);
    EXPECT_EQ(item->domain, port == number(3) ? Domain{10} : kNoVlan);
    EXPECT_EQ(item->bytes, probe);
    EXPECT_EQ(item->destination(), MacAddress(kProbeGroup));
    EXPECT_EQ(item->source(), MacAddress(mac(0)));
  }
  EXPECT_FALSE(punt.take());
}

TEST_F(PipelineTest, KeepsSomeProbesOfManyAndThoseOfOthersBesides) {
  test::CountingSignal signal;
  Punt punt(signal);
  view_.punt = &punt;
  const Bytes probe = make_frame(kProbeGroup, mac(0), kProbeType, 3000);
  for (int i = 0; i < 3; ++i) run(0, Frames(50, probe));
  run(1, {probe});
  std::map<std::uint16_t, std::size_t> taken;
  while (const auto item = punt.take()) {
    ++taken[item->port];
    EXPECT_TRUE(std::ranges::equal(item->bytes, std::span(probe).first(Punt::kLongest)));
  }
  EXPECT_EQ(taken, (std::map<std::uint16_t, std::size_t>{{number(0), Punt::kCapacityOfPort},
                                                         {number(1), 1}}));
}

TEST_F(PipelineTest, CountsWhatHasNoReceiver) {
  run(3, {make_frame(kBroadcast, mac(3))});
  EXPECT_EQ(drops(3, Drop::no_receiver), 1u);
  for (const RecordingPort& port : ports_) EXPECT_TRUE(port.received.empty());
}

TEST_F(PipelineTest, DoesNotFloodFramesForAStationWhosePortIsAtRest) {
  macs_.learn(macs_.key(mac(9), kNoVlan), number(50), 0);
  run(0, {make_frame(mac(9), mac(0))});
  EXPECT_EQ(drops(0, Drop::not_ready), 1u);
  EXPECT_TRUE(ports_[1].received.empty());
}

TEST_F(PipelineTest, KeepsVlansApartEvenWhereTheTableIsBehindThePort) {
  macs_.learn(macs_.key(mac(3), kNoVlan), number(3), 0);  // learnt before the port got its VLAN
  run(0, {make_frame(mac(3), mac(0))});
  EXPECT_TRUE(ports_[3].received.empty());
  EXPECT_EQ(ports_[1].received.size(), 1u);
}

TEST_F(PipelineTest, CarriesEachLengthIntact) {
  run(1, {make_frame(kBroadcast, mac(1))});
  for (std::size_t length = 14; length <= 1600; ++length) {
    ports_[1].received.clear();
    const Bytes frame = make_frame(mac(1), mac(0), 0x88b5, length);
    run(0, {frame});
    ASSERT_EQ(ports_[1].received, Frames{frame}) << "length " << length;
  }
}

}  // namespace
}  // namespace hpvmnet
