#include "control/plan.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include <gmock/gmock.h>

#include "unit/control/random_models.h"

namespace hpvmnet {
namespace {

using testing::ElementsAre;

bool has_rings(std::string_view adaptor) { return adaptor == "avio_lan"; }

std::vector<Action> plan(const Model& from, const Model& to) {
  return hpvmnet::plan(from, to, has_rings);
}

// IEEE 802.1Q in the terms of the settings.
PortVlans vlans_of(const PortVlanSettings& settings) {
  PortVlans vlans{.tagged = settings.trunk};
  if (settings.trunk.any()) vlans.untagged = kNoDomain;
  if (settings.untagged) vlans.untagged = *settings.untagged;
  return vlans;
}

PortVlans vlans_of(const Backing& backing) {
  PortVlans vlans;
  if (backing.vlan) {
    vlans.untagged = kNoDomain;
    vlans.backing = *backing.vlan;
  } else {
    vlans.tagged = VlanSet::all();
  }
  return vlans;
}

PortConfiguration port(const std::string& adaptor, PortVlans vlans = {},
                       bool packed_rings = false) {
  return {
      .adaptor = adaptor, .vlans = vlans, .packed_rings = packed_rings, .endpoint = {}, .mode = {}};
}

/// What a switch that obeys actions looks like. It insists on what each action presupposes.
class ObedientSwitch {
 public:
  /// The look that a model asks for.
  static ObedientSwitch of(const Model& model) {
    ObedientSwitch look;
    for (const auto& [name, vswitch] : model.vswitches) look.up_[name] = vswitch.up;
    for (const auto& [name, guest] : model.guests) {
      for (const Vnic& vnic : guest.vnics) {
        const PortSettings settings = settings_of(model, vnic.vswitch, vnic.port);
        look.ports_[{vnic.vswitch, vnic.port}] = {
            .adaptor = vnic.adaptor,
            .vlans = vlans_of(settings.vlans),
            .packed_rings = settings.packed_rings && has_rings(vnic.adaptor),
            .endpoint = {},
            .mode = {}};
      }
    }
    for (const auto& [name, vswitch] : model.vswitches) {
      if (!vswitch.up || !vswitch.backing) continue;
      look.ports_[{name, kUplinkPort}] = {.adaptor = "uplink",
                                          .vlans = vlans_of(*vswitch.backing),
                                          .packed_rings = false,
                                          .endpoint = vswitch.backing->interface,
                                          .mode = vswitch.backing->mode};
    }
    return look;
  }

  void obey(const std::vector<Action>& actions) {
    for (const Action& action : actions) std::visit(*this, action);
  }

  void operator()(const AddVswitch& a) { EXPECT_TRUE(up_.emplace(a.name, false).second); }
  void operator()(const RemoveVswitch& a) {
    EXPECT_TRUE(
        std::ranges::none_of(ports_, [&](const auto& port) { return port.first.first == a.name; }));
    EXPECT_EQ(up_.erase(a.name), 1u);
  }
  void operator()(const SetVswitchUp& a) {
    ASSERT_TRUE(up_.contains(a.name));
    EXPECT_NE(std::exchange(up_[a.name], a.up), a.up) << "needless";
  }
  void operator()(const OpenPort& a) {
    EXPECT_TRUE(up_.contains(a.vswitch));
    PortConfiguration port = a.configuration;
    port.packed_rings = port.packed_rings && has_rings(port.adaptor);
    EXPECT_TRUE(ports_.emplace(std::pair(a.vswitch, a.number), port).second);
  }
  void operator()(const ClosePort& a) {
    const auto port = ports_.find({a.vswitch, a.number});
    ASSERT_NE(port, ports_.end());
    ports_.erase(port);
  }
  void operator()(const SetPortVlans& a) {
    const auto port = ports_.find({a.vswitch, a.number});
    ASSERT_NE(port, ports_.end());
    EXPECT_NE(std::exchange(port->second.vlans, a.vlans), a.vlans) << "needless";
  }

  bool operator==(const ObedientSwitch&) const = default;

 private:
  std::map<std::string, bool> up_;
  OpenPorts ports_;
};

/// Opens come before what destroys, except that a close may stand right before the open of the same
/// port; vswitches are added first and removed last.
void expect_order(const std::vector<Action>& actions) {
  const auto rank = [&](std::size_t at) {
    const Action& action = actions[at];
    if (std::holds_alternative<AddVswitch>(action)) return 0;
    if (std::holds_alternative<OpenPort>(action)) return 1;
    if (const auto* close = std::get_if<ClosePort>(&action)) {
      const auto* open =
          at + 1 < actions.size() ? std::get_if<OpenPort>(&actions[at + 1]) : nullptr;
      const bool makes_room =
          open != nullptr && open->vswitch == close->vswitch && open->number == close->number;
      return makes_room ? 1 : 3;
    }
    return std::holds_alternative<RemoveVswitch>(action) ? 4 : 2;
  };
  for (std::size_t at = 1; at < actions.size(); ++at) EXPECT_LE(rank(at - 1), rank(at));
}

TEST(Plan, StartsFromNothing) {
  EXPECT_THAT(plan({}, initial_model()),
              ElementsAre(AddVswitch{"localnet"}, SetVswitchUp{"localnet", true}));
}

TEST(Plan, OpensAPortForItsFirstVnicAndClosesItAfterTheLast) {
  ModelBuilder none;
  ModelBuilder one = none;
  one.guest("a", {vnic("lan", "localnet", 4)});
  ModelBuilder two = one;
  two.guest("b", {vnic("lan", "localnet", 4)});
  EXPECT_THAT(plan(none.model, one.model), ElementsAre(OpenPort{"localnet", 4, port("lan")}));
  EXPECT_THAT(plan(one.model, two.model), ElementsAre());
  EXPECT_THAT(plan(two.model, none.model), ElementsAre(ClosePort{"localnet", 4}));
}

TEST(Plan, ChangesTheVlanOfOpenPortsOnly) {
  ModelBuilder builder;
  builder.guest("a", {vnic("lan", "localnet", 4)});
  const Model before = builder.model;
  ASSERT_TRUE(set_port_vlan(builder.model, named("localnet"), 4, 9));
  ASSERT_TRUE(set_port_vlan(builder.model, named("localnet"), 5, 9));
  EXPECT_THAT(plan(before, builder.model),
              ElementsAre(SetPortVlans{"localnet", 4, {.untagged = 9}}));
  EXPECT_THAT(plan({}, builder.model),
              ElementsAre(AddVswitch{"localnet"}, OpenPort{"localnet", 4, port("lan", {9})},
                          SetVswitchUp{"localnet", true}));
}

TEST(Plan, ClosesForAnotherAdaptorRightBeforeTheOpen) {
  ModelBuilder builder;
  builder.guest("a", {vnic("lan", "localnet", 4), vnic("lan", "localnet", 5)});
  const Model before = builder.model;
  const GuestChange change = {
      .remove = {at(0, 1)}, .modify = {at(0, 0, vnic("avio_lan", ""))}, .add = {}};
  ASSERT_TRUE(modify_guest(builder.model, "a", change, builder.context));
  EXPECT_THAT(plan(before, builder.model),
              ElementsAre(ClosePort{"localnet", 4}, OpenPort{"localnet", 4, port("avio_lan")},
                          ClosePort{"localnet", 5}));
}

TEST(Plan, OpensAPortAnewForOtherRings) {
  ModelBuilder split;
  split.guest("a", {vnic("avio_lan", "localnet", 4)});
  ModelBuilder packed = split;
  ASSERT_TRUE(set_port_rings(packed.model, named("localnet"), 4, true));
  ASSERT_TRUE(set_port_rings(packed.model, named("localnet"), 5, true));
  ASSERT_TRUE(set_port_vlan(packed.model, named("localnet"), 4, 9));
  EXPECT_THAT(
      plan(split.model, packed.model),
      ElementsAre(ClosePort{"localnet", 4}, OpenPort{"localnet", 4, port("avio_lan", {9}, true)}));
  EXPECT_THAT(plan(packed.model, split.model),
              ElementsAre(ClosePort{"localnet", 4}, OpenPort{"localnet", 4, port("avio_lan")}));
}

TEST(Plan, JoinsTheBackingInterfaceWhileTheVswitchIsUp) {
  ModelBuilder builder;
  ASSERT_TRUE(create_vswitch(builder.model, "sw", BackingRequest{"eth1", "packet", {}}));
  const Model down = builder.model;
  ASSERT_TRUE(set_vswitch_up(builder.model, named("sw"), true));
  const Model up = builder.model;
  const PortConfiguration joined{.adaptor = "uplink",
                                 .vlans = vlans_of(Backing{"eth1", "packet", {}}),
                                 .packed_rings = false,
                                 .endpoint = "eth1",
                                 .mode = "packet"};
  EXPECT_THAT(plan(down, up),
              ElementsAre(OpenPort{"sw", kUplinkPort, joined}, SetVswitchUp{"sw", true}));
  EXPECT_THAT(plan(up, down), ElementsAre(SetVswitchUp{"sw", false}, ClosePort{"sw", kUplinkPort}));
  PortConfiguration other = joined;
  other.endpoint = "eth2";
  ASSERT_TRUE(set_backing(builder.model, named("sw"), BackingRequest{"eth2", "packet", {}}));
  EXPECT_THAT(plan(up, builder.model),
              ElementsAre(ClosePort{"sw", kUplinkPort}, OpenPort{"sw", kUplinkPort, other}));
}

TEST(Plan, LeavesPortsThatHaveNoRingsOpen) {
  ModelBuilder builder;
  builder.guest("a", {vnic("lan", "localnet", 4)});
  const Model before = builder.model;
  ASSERT_TRUE(set_port_rings(builder.model, named("localnet"), 4, true));
  EXPECT_THAT(plan(before, builder.model), ElementsAre());
  EXPECT_THAT(plan(builder.model, before), ElementsAre());
}

TEST(Plan, AddsVswitchesFirstAndRemovesThemLast) {
  ModelBuilder before;
  before.vswitch("old").guest("a", {vnic("lan", "old", 1)});
  ModelBuilder after;
  after.vswitch("new").guest("a", {vnic("lan", "new", 1)});
  EXPECT_THAT(plan(before.model, after.model),
              ElementsAre(AddVswitch{"new"}, OpenPort{"new", 1, port("lan")}, ClosePort{"old", 1},
                          RemoveVswitch{"old"}));
}

TEST(Plan, IgnoresWhatTheSwitchDoesNotSee) {
  ModelBuilder builder;
  builder.guest("a", {vnic("lan", "localnet", 4)});
  const Model before = builder.model;
  const GuestChange change = {
      .remove = {}, .modify = {at(0, 0, with_mac("02-00-00-00-00-01"))}, .add = {}};
  ASSERT_TRUE(modify_guest(builder.model, "a", change, builder.context));
  ASSERT_NE(before, builder.model);
  EXPECT_THAT(plan(before, builder.model), ElementsAre());
}

TEST(PlanProperty, LeadsFromAnyModelToAnyOtherAndBack) {
  RandomModels walk(7);
  RandomModels other_walk(8);
  std::size_t longest = 0;
  for (int round = 0; round < 500 && !testing::Test::HasFailure(); ++round) {
    for (int step = 0; step < 10; ++step) {
      (void)walk.step();
      (void)other_walk.step();
    }
    const Model& from = walk.model();
    const Model& to = other_walk.model();
    EXPECT_TRUE(plan(from, from).empty());

    ObedientSwitch look = ObedientSwitch::of(from);
    look.obey(plan(from, to));
    EXPECT_EQ(look, ObedientSwitch::of(to));
    look.obey(plan(to, from));
    EXPECT_EQ(look, ObedientSwitch::of(from));

    expect_order(plan(from, to));
    longest = std::max(longest, plan(from, to).size());
  }
  EXPECT_GT(longest, 10u);
}

}  // namespace
}  // namespace hpvmnet
