#include <array>
#include <memory>

#include <gtest/gtest.h>

#include "support/counting_signal.h"
#include "support/frame_builder.h"
#include "switch/membership_frame.h"
#include "switch/pipeline.h"
#include "unit/switch/lend_frames.h"
#include "unit/switch/recording_port.h"

namespace hpvmnet {
namespace {

using test::FrameBuilder;
using test::test_mac;

constexpr MacAddress kGroup{0x01'00'5e'01'02'03};
constexpr MacAddress kUnknownGroup{0x33'33'00'01'02'03};
constexpr MacAddress kAllHosts{0x01'00'5e'00'00'01};

Bytes ipv4(MacAddress to, unsigned protocol, unsigned first_byte, bool tagged = false) {
  Bytes content(46);
  content[0] = std::byte{0x46};
  content[9] = static_cast<std::byte>(protocol);
  content[24] = static_cast<std::byte>(first_byte);
  FrameBuilder builder;
  if (tagged) builder.vlan(20);
  return builder.to(to).from(test_mac(9)).type(0x0800).payload(content).build();
}
const Bytes kData = ipv4(kGroup, 17, 0);
const Bytes kReport = ipv4(kGroup, 2, 0x16);

// Six ports without a VLAN: 0 to 3 guests, 4 a router, 5 the vswitch's own.
class SnoopTest : public testing::Test {
 protected:
  SnoopTest() {
    view_.up = true;
    view_.macs = &macs_;
    view_.punt = &punt_;
    view_.index_of.fill(VswitchView::kAbsent);
    for (std::uint16_t i = 0; i < kPorts; ++i) {
      view_.index_of[number(i)] = i;
      view_.ports.push_back({.port = &ports_[i], .tallies = &tallies_[i], .number = number(i)});
    }
    snoop_with(true, false);
  }

  static std::uint16_t number(std::uint16_t index) {
    return index == kOwn ? VswitchView::kOwnPort : static_cast<std::uint16_t>(index + 100);
  }
  static PortSet set(std::initializer_list<std::uint16_t> indices) {
    PortSet ports;
    for (const std::uint16_t index : indices) ports.add(number(index));
    return ports;
  }

  // Ports 1 and 2 are in kGroup.
  void snoop_with(bool settled, bool strict) {
    PortSet inside = PortSet::all();
    inside.remove(number(kRouter));
    auto table = std::make_shared<GroupTable>(set({kRouter}), inside, strict);
    table->add_domain(kNoVlan, {set({kRouter}), settled});
    table->add_group(macs_.key(kGroup.value(), kNoVlan), set({1, 2, kRouter}));
    view_.groups = table;
  }

  // Runs a burst, and yields which ports got how many frames.
  std::array<std::size_t, 6> run(std::uint16_t ingress, const Frames& frames) {
    for (RecordingPort& port : ports_) port = RecordingPort();
    lend_frames(frames, burst_);
    run_pipeline(burst_, {&view_, ingress, 0, -1}, 0, 0);
    std::array<std::size_t, 6> counts{};
    for (std::size_t i = 0; i < kPorts; ++i) counts[i] = ports_[i].received.size();
    return counts;
  }
  std::uint64_t drops(std::uint16_t port, Drop reason) {
    return tallies_[port].drops[static_cast<std::size_t>(reason)].get();
  }
  bool punted() { return punt_.take().has_value(); }

  using Counts = std::array<std::size_t, 6>;
  static constexpr std::uint16_t kPorts = 6;
  static constexpr std::uint16_t kRouter = 4;
  static constexpr std::uint16_t kOwn = 5;
  test::CountingSignal signal_;
  Punt punt_{signal_};
  MacTable macs_{1};
  std::array<RecordingPort, kPorts> ports_;
  std::array<Tally, kPorts> tallies_;
  VswitchView view_;
  Burst burst_;
};

TEST_F(SnoopTest, GivesAGroupsFramesToItsMembersAndRouters) {
  EXPECT_EQ(run(0, {kData, kData}), (Counts{0, 2, 2, 0, 2, 0}));
  EXPECT_EQ(run(1, {kData}), (Counts{0, 0, 1, 0, 1, 0})) << "a member's own";
  EXPECT_FALSE(punted());
}

TEST_F(SnoopTest, GivesEverybodyWhatNobodyHasAskedFor) {
  EXPECT_EQ(run(0, {ipv4(kUnknownGroup, 17, 0)}), (Counts{0, 1, 1, 1, 1, 0}));
  snoop_with(true, true);
  EXPECT_EQ(run(0, {ipv4(kUnknownGroup, 17, 0)}), (Counts{0, 0, 0, 0, 1, 0})) << "strictly";
}

TEST_F(SnoopTest, GivesEverybodyAllWhileItIsNotKnownWhoWantsWhat) {
  snoop_with(false, true);
  EXPECT_EQ(run(0, {kData, ipv4(kUnknownGroup, 17, 0)}), (Counts{0, 2, 2, 2, 2, 0}));
  view_.groups = nullptr;
  EXPECT_EQ(run(0, {kData, kReport}), (Counts{0, 2, 2, 2, 2, 0}));
  EXPECT_FALSE(punted());
}

TEST_F(SnoopTest, GivesEverybodyWhatIsForAllHosts) {
  snoop_with(true, true);
  for (const std::uint64_t address :
       {0x01'00'5e'00'00'fbu, 0x33'33'00'00'00'01u, 0x33'33'ff'00'00'07u}) {
    EXPECT_EQ(run(0, {ipv4(MacAddress(address), 17, 0)}), (Counts{0, 1, 1, 1, 1, 0}));
  }
  EXPECT_EQ(run(0, {FrameBuilder().from(test_mac(9)).fill_to(60).build()}),
            (Counts{0, 1, 1, 1, 1, 0}));
  // A group of no IP: nobody can ask for it.
  EXPECT_EQ(run(0, {ipv4(MacAddress(0x01'00'0c'01'02'03), 17, 0)}), (Counts{0, 1, 1, 1, 1, 0}));
}

TEST_F(SnoopTest, ShowsReportsToRoutersAndTheControlThreadOnly) {
  EXPECT_EQ(run(0, {kData, kReport, kData}), (Counts{0, 2, 2, 0, 3, 0}));
  const auto item = punt_.take();
  ASSERT_TRUE(item);
  EXPECT_EQ(item->port, number(0));
  EXPECT_EQ(item->domain, kNoVlan);
  EXPECT_EQ(item->bytes, kReport);
  EXPECT_FALSE(punted());
  view_.ports.erase(view_.ports.begin() + 1, view_.ports.end());
  run(0, {kReport});
  EXPECT_EQ(drops(0, Drop::no_member) + drops(0, Drop::no_receiver), 0u) << "it has been heard";
}

TEST_F(SnoopTest, ShowsQueriesToAll) {
  EXPECT_EQ(run(kRouter, {ipv4(kAllHosts, 2, 0x11)}), (Counts{1, 1, 1, 1, 0, 0}));
  EXPECT_TRUE(punted());
  EXPECT_EQ(run(kRouter, {ipv4(MacAddress(0x01'00'5e'00'00'0d), 103, 0x20)}),
            (Counts{1, 1, 1, 1, 0, 0}));
  EXPECT_TRUE(punted());
}

TEST_F(SnoopTest, KeepsItsOwnQueriesInside) {
  EXPECT_EQ(run(kOwn, {ipv4(kAllHosts, 2, 0x11)}), (Counts{1, 1, 1, 1, 0, 0}));
  EXPECT_EQ(run(kOwn, {ipv4(kGroup, 2, 0x11)}), (Counts{1, 1, 1, 1, 0, 0}));
  EXPECT_FALSE(punted());
}

TEST_F(SnoopTest, CountsWhatNobodyWants) {
  snoop_with(true, true);
  EXPECT_EQ(run(kRouter, {ipv4(kUnknownGroup, 17, 0)}), Counts{});
  EXPECT_EQ(drops(kRouter, Drop::no_member), 1u);
}

TEST_F(SnoopTest, KeepsTheOrderOfFramesForOnePort) {
  run(2, {FrameBuilder().from(test_mac(2)).fill_to(60).build()});
  const Bytes own = FrameBuilder().to(test_mac(2)).from(test_mac(9)).fill_to(60, 7).build();
  run(0, {kData, own, kData});
  EXPECT_EQ(ports_[2].received, (Frames{kData, own, kData}));
}

TEST(GroupTable, FindsEachOfManyGroups) {
  MacTable macs(7);
  GroupTable table(PortSet{}, PortSet::all(), false);
  table.add_domain(20, {PortSet{}, true});
  table.add_domain(kNoVlan, {PortSet{}, true});
  constexpr std::uint64_t kFirst = 0x01'00'5e'10'00'00;
  for (std::uint16_t i = 0; i < 500; ++i) {
    PortSet ports;
    ports.add(i);
    table.add_group(macs.key(kFirst + i, 20), ports);
  }
  for (std::uint16_t i = 0; i < 500; ++i) {
    const PortSet* ports = table.receivers(macs.key(kFirst + i, 20), table.routers(20));
    ASSERT_NE(ports, nullptr);
    EXPECT_TRUE(ports->contains(i));
    EXPECT_FALSE(ports->contains(static_cast<std::uint16_t>(i + 1)));
  }
  EXPECT_EQ(table.receivers(macs.key(kFirst + 500, 20), table.routers(20)), nullptr);
  EXPECT_EQ(table.receivers(macs.key(kFirst, kNoVlan), table.routers(kNoVlan)), nullptr);
}

TEST(MembershipFrame, IsToldFromOthersAndHasItsPlace) {
  const auto igmp = find_membership(kReport);
  ASSERT_TRUE(igmp);
  EXPECT_EQ(igmp->kind, MembershipFrame::Kind::report);
  EXPECT_EQ(igmp->network, 14u);
  EXPECT_EQ(igmp->message, 14u + 24);
  EXPECT_FALSE(igmp->ipv6);
  const auto tagged = find_membership(ipv4(kGroup, 2, 0x11, true));
  ASSERT_TRUE(tagged);
  EXPECT_EQ(tagged->kind, MembershipFrame::Kind::query);
  EXPECT_EQ(tagged->message, 18u + 24);
  EXPECT_FALSE(find_membership(kData));
  EXPECT_FALSE(find_membership(ipv4(kGroup, 2, 0x13))) << "DVMRP";
  EXPECT_FALSE(find_membership(ipv4(kGroup, 103, 0x21))) << "PIM, no hello";
  for (std::size_t length = 0; length <= 14 + 24; ++length) {
    EXPECT_FALSE(find_membership(std::span(kReport).first(length))) << length;
  }
}

}  // namespace
}  // namespace hpvmnet
