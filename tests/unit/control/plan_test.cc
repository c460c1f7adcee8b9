#include "control/plan.h"

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>

#include <gmock/gmock.h>

#include "unit/control/random_models.h"

namespace hpvmnet {
namespace {

using testing::ElementsAre;

/// Of the kinds of port that edit_context() knows, one looks at rings, one at addresses and one at
/// numbers of queues.
PortTraits traits_of(std::string_view adaptor) {
  return {.rings = adaptor == "avio_lan", .mac = adaptor == "lan", .queue_pairs = adaptor == "tap"};
}

std::vector<Action> plan(const Model& from, const Model& to) {
  return hpvmnet::plan(from, to, traits_of);
}

constexpr const char* kMac = "02-00-00-00-00-09";

VnicRequest lan(const std::string& vswitch, std::uint32_t port) {
  return with_mac(kMac, vnic("lan", vswitch, port));
}

/// How the port of one vNIC made by lan() is open.
PortConfiguration open_lan(PortVlans vlans = {}) {
  PortConfiguration configuration;
  configuration.adaptor = "lan";
  configuration.mac = MacAddress::parse(kMac).value();
  configuration.vlans = vlans;
  return configuration;
}

PortConfiguration open_avio(PortVlans vlans = {}, bool packed_rings = false) {
  PortConfiguration configuration;
  configuration.adaptor = "avio_lan";
  configuration.vlans = vlans;
  configuration.packed_rings = packed_rings;
  return configuration;
}

PortConfiguration open_tap(std::uint32_t queue_pairs) {
  PortConfiguration configuration;
  configuration.adaptor = "tap";
  configuration.queue_pairs = queue_pairs;
  return configuration;
}

Status modify(ModelBuilder& builder, const VnicRequest& request) {
  return modify_guest(builder.model, "a", {.remove = {}, .modify = {request}, .add = {}},
                      builder.context);
}

/// What a switch that obeys actions looks like. It insists on what each action presupposes.
class ObedientSwitch {
 public:
  /// The look that a model asks for.
  static ObedientSwitch of(const Model& model) {
    ObedientSwitch look;
    for (const auto& [name, vswitch] : model.vswitches) {
      look.up_[name] = vswitch.up;
      look.multicast_[name] = vswitch.multicast;
      look.filters_[name] = vswitch.filters;
      look.mirrors_[name] = vswitch.mirror;
    }
    look.ports_ = open_ports(model, traits_of);
    return look;
  }

  void obey(const std::vector<Action>& actions) {
    for (const Action& action : actions) std::visit(*this, action);
  }

  void operator()(const AddVswitch& a) {
    EXPECT_TRUE(up_.emplace(a.name, false).second);
    multicast_.emplace(a.name, MulticastPolicy::snoop);
    filters_[a.name] = {};
    mirrors_[a.name] = {};
  }
  void operator()(const RemoveVswitch& a) {
    EXPECT_TRUE(
        std::ranges::none_of(ports_, [&](const auto& port) { return port.first.first == a.name; }));
    EXPECT_EQ(up_.erase(a.name), 1u);
    multicast_.erase(a.name);
    filters_.erase(a.name);
    mirrors_.erase(a.name);
  }
  void operator()(const SetVswitchUp& a) {
    ASSERT_TRUE(up_.contains(a.name));
    EXPECT_NE(std::exchange(up_[a.name], a.up), a.up) << "needless";
  }
  void operator()(const SetMulticastPolicy& a) {
    ASSERT_TRUE(multicast_.contains(a.name));
    EXPECT_NE(a.before, a.after) << "needless";
    EXPECT_EQ(std::exchange(multicast_[a.name], a.after), a.before);
  }
  void operator()(const SetFilters& a) {
    ASSERT_TRUE(filters_.contains(a.name));
    EXPECT_NE(a.before, a.after) << "needless";
    EXPECT_EQ(std::exchange(filters_[a.name], a.after), a.before);
  }
  void operator()(const SetMirror& a) {
    ASSERT_TRUE(mirrors_.contains(a.name));
    EXPECT_NE(a.before, a.after);
    EXPECT_EQ(std::exchange(mirrors_[a.name], a.after), a.before);
  }
  void operator()(const OpenPort& a) {
    EXPECT_TRUE(up_.contains(a.vswitch));
    EXPECT_TRUE(ports_.emplace(std::pair(a.vswitch, a.number), a.configuration).second);
  }
  void operator()(const ClosePort& a) {
    const auto port = ports_.find({a.vswitch, a.number});
    ASSERT_NE(port, ports_.end());
    EXPECT_EQ(port->second, a.configuration);
    ports_.erase(port);
  }
  void operator()(const SetPortVlans& a) {
    const auto port = ports_.find({a.vswitch, a.number});
    ASSERT_NE(port, ports_.end());
    EXPECT_NE(a.before, a.after) << "needless";
    EXPECT_EQ(std::exchange(port->second.vlans, a.after), a.before);
  }

  bool operator==(const ObedientSwitch&) const = default;

 private:
  std::map<std::string, bool> up_;
  std::map<std::string, MulticastPolicy> multicast_;
  std::map<std::string, std::vector<FilterSettings>> filters_;
  std::map<std::string, std::optional<MirrorSettings>> mirrors_;
  OpenPorts ports_;
};

/// Whether a later open connects to what the port has been connected to.
bool lets_go(const ClosePort& close, std::span<const Action> later) {
  const std::string& endpoint = close.configuration.endpoint;
  return !endpoint.empty() && std::ranges::any_of(later, [&](const Action& action) {
    const auto* open = std::get_if<OpenPort>(&action);
    return open != nullptr && open->configuration.adaptor == close.configuration.adaptor &&
           open->configuration.endpoint == endpoint;
  });
}

/// Filters come first, so that no frame misses them; opens come before what destroys, except that a
/// close may stand right before the open of the same port, and before opens where it lets go of
/// what one of them needs; vswitches are added first and removed last.
void expect_order(const std::vector<Action>& actions) {
  const auto rank = [&](std::size_t at) {
    const Action& action = actions[at];
    if (std::holds_alternative<AddVswitch>(action)) return 0;
    if (std::holds_alternative<SetFilters>(action)) return 1;
    if (std::holds_alternative<OpenPort>(action)) return 2;
    if (const auto* close = std::get_if<ClosePort>(&action)) {
      const auto* open =
          at + 1 < actions.size() ? std::get_if<OpenPort>(&actions[at + 1]) : nullptr;
      const bool makes_room =
          open != nullptr && open->vswitch == close->vswitch && open->number == close->number;
      return makes_room || lets_go(*close, std::span(actions).subspan(at + 1)) ? 2 : 4;
    }
    return std::holds_alternative<RemoveVswitch>(action) ? 5 : 3;
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
  one.guest("a", {vnic("avio_lan", "localnet", 4)});
  ModelBuilder two = one;
  two.guest("b", {vnic("avio_lan", "localnet", 4)});
  EXPECT_THAT(plan(none.model, one.model), ElementsAre(OpenPort{"localnet", 4, open_avio()}));
  EXPECT_THAT(plan(one.model, two.model), ElementsAre());
  EXPECT_THAT(plan(two.model, none.model), ElementsAre(ClosePort{"localnet", 4, open_avio()}));
}

TEST(Plan, ChangesTheVlanOfOpenPortsOnly) {
  ModelBuilder builder;
  builder.guest("a", {lan("localnet", 4)});
  const Model before = builder.model;
  ASSERT_TRUE(set_port_vlan(builder.model, named("localnet"), 4, 9));
  ASSERT_TRUE(set_port_vlan(builder.model, named("localnet"), 5, 9));
  EXPECT_THAT(plan(before, builder.model),
              ElementsAre(SetPortVlans{"localnet", 4, {}, {.untagged = 9}}));
  EXPECT_THAT(plan({}, builder.model),
              ElementsAre(AddVswitch{"localnet"}, OpenPort{"localnet", 4, open_lan({9})},
                          SetVswitchUp{"localnet", true}));
}

TEST(Plan, ClosesForAnotherAdaptorRightBeforeTheOpen) {
  ModelBuilder builder;
  builder.guest("a", {lan("localnet", 4), vnic("avio_lan", "localnet", 5)});
  const Model before = builder.model;
  const GuestChange change = {
      .remove = {at(0, 1)}, .modify = {at(0, 0, vnic("avio_lan", ""))}, .add = {}};
  ASSERT_TRUE(modify_guest(builder.model, "a", change, builder.context));
  EXPECT_THAT(plan(before, builder.model), ElementsAre(ClosePort{"localnet", 4, open_lan()},
                                                       OpenPort{"localnet", 4, open_avio()},
                                                       ClosePort{"localnet", 5, open_avio()}));
}

TEST(Plan, OpensAPortAnewForOtherRings) {
  ModelBuilder split;
  split.guest("a", {vnic("avio_lan", "localnet", 4)});
  ModelBuilder packed = split;
  ASSERT_TRUE(set_port_rings(packed.model, named("localnet"), 4, true));
  ASSERT_TRUE(set_port_rings(packed.model, named("localnet"), 5, true));
  ASSERT_TRUE(set_port_vlan(packed.model, named("localnet"), 4, 9));
  const PortConfiguration before = open_avio();
  const PortConfiguration after = open_avio({9}, true);
  EXPECT_THAT(plan(split.model, packed.model),
              ElementsAre(ClosePort{"localnet", 4, before}, OpenPort{"localnet", 4, after}));
  EXPECT_THAT(plan(packed.model, split.model),
              ElementsAre(ClosePort{"localnet", 4, after}, OpenPort{"localnet", 4, before}));
}

TEST(Plan, OpensAPortAnewForAnotherNumberOfQueuesThatItUses) {
  ModelBuilder one;
  one.guest("a", {vnic("tap", "localnet", 4), vnic("avio_lan", "localnet", 5)});
  ModelBuilder four = one;
  ASSERT_TRUE(set_port_queue_pairs(four.model, named("localnet"), 4, 4));
  ASSERT_TRUE(set_port_queue_pairs(four.model, named("localnet"), 5, 4));
  EXPECT_THAT(plan(one.model, four.model), ElementsAre(ClosePort{"localnet", 4, open_tap(1)},
                                                       OpenPort{"localnet", 4, open_tap(4)}));
  EXPECT_THAT(plan(four.model, one.model), ElementsAre(ClosePort{"localnet", 4, open_tap(4)},
                                                       OpenPort{"localnet", 4, open_tap(1)}));
}

TEST(Plan, JoinsTheBackingInterfaceWhileTheVswitchIsUp) {
  ModelBuilder builder;
  ASSERT_TRUE(create_vswitch(builder.model, "sw", BackingRequest{"eth1", "packet", {}}));
  const Model down = builder.model;
  ASSERT_TRUE(set_vswitch_up(builder.model, named("sw"), true));
  const Model up = builder.model;
  PortConfiguration joined;
  joined.adaptor = "uplink";
  joined.endpoint = "eth1";
  joined.mode = "packet";
  joined.vlans = {.untagged = kNoVlan, .tagged = VlanSet::all()};
  EXPECT_THAT(plan(down, up),
              ElementsAre(OpenPort{"sw", kUplinkPort, joined}, SetVswitchUp{"sw", true}));
  EXPECT_THAT(plan(up, down),
              ElementsAre(SetVswitchUp{"sw", false}, ClosePort{"sw", kUplinkPort, joined}));
  PortConfiguration other = joined;
  other.endpoint = "eth2";
  ASSERT_TRUE(set_backing(builder.model, named("sw"), BackingRequest{"eth2", "packet", {}}));
  EXPECT_THAT(plan(up, builder.model), ElementsAre(ClosePort{"sw", kUplinkPort, joined},
                                                   OpenPort{"sw", kUplinkPort, other}));
}

TEST(Plan, LeavesPortsThatHaveNoRingsOpen) {
  ModelBuilder builder;
  builder.guest("a", {vnic("lan", "localnet", 4)});
  const Model before = builder.model;
  ASSERT_TRUE(set_port_rings(builder.model, named("localnet"), 4, true));
  EXPECT_THAT(plan(before, builder.model), ElementsAre());
  EXPECT_THAT(plan(builder.model, before), ElementsAre());
}

TEST(Plan, OpensAPortAnewForAnotherEndpoint) {
  ModelBuilder builder;
  builder.guest("a", {to_endpoint("/x", lan("localnet", 4))});
  const Model before = builder.model;
  ASSERT_TRUE(modify(builder, at(0, 0, to_endpoint("/y"))));
  PortConfiguration to_x = open_lan();
  to_x.endpoint = "/x";
  PortConfiguration to_y = open_lan();
  to_y.endpoint = "/y";
  EXPECT_THAT(plan(before, builder.model),
              ElementsAre(ClosePort{"localnet", 4, to_x}, OpenPort{"localnet", 4, to_y}));
}

TEST(Plan, OpensAPortAnewForAnotherAddressThatItUses) {
  ModelBuilder builder;
  builder.guest("a", {lan("localnet", 4)});
  const Model before = builder.model;
  ASSERT_TRUE(modify(builder, at(0, 0, with_mac("02-00-00-00-00-01"))));
  PortConfiguration after = open_lan();
  after.mac = MacAddress::parse("02-00-00-00-00-01").value();
  EXPECT_THAT(plan(before, builder.model),
              ElementsAre(ClosePort{"localnet", 4, open_lan()}, OpenPort{"localnet", 4, after}));
}

TEST(Plan, GivesAPortTheAddressOfAVnicThatIsAloneOnIt) {
  ModelBuilder alone;
  alone.guest("a", {lan("localnet", 4)});
  ModelBuilder shared = alone;
  shared.guest("b", {vnic("lan", "localnet", 4)}).guest("c", {vnic("lan", "localnet", 4)});
  PortConfiguration without = open_lan();
  without.mac.reset();
  EXPECT_THAT(plan(alone.model, shared.model),
              ElementsAre(ClosePort{"localnet", 4, open_lan()}, OpenPort{"localnet", 4, without}));
}

TEST(Plan, AddsVswitchesFirstAndRemovesThemLast) {
  ModelBuilder before;
  before.vswitch("old").guest("a", {lan("old", 1)});
  ModelBuilder after;
  after.vswitch("new").guest("a", {lan("new", 1)});
  EXPECT_THAT(plan(before.model, after.model),
              ElementsAre(AddVswitch{"new"}, OpenPort{"new", 1, open_lan()},
                          ClosePort{"old", 1, open_lan()}, RemoveVswitch{"old"}));
}

TEST(Plan, IgnoresWhatTheSwitchDoesNotSee) {
  ModelBuilder builder;
  builder.guest("a", {vnic("avio_lan", "localnet", 4)});
  const Model before = builder.model;
  ASSERT_TRUE(modify(builder, at(0, 0, with_mac("02-00-00-00-00-01"))));
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

// An interface can be open once at a time.
TEST(Plan, LetsGoOfWhatAnotherPortOpens) {
  ModelBuilder before;
  before.vswitch("a").vswitch("b");
  for (const char* name : {"a", "b"}) {
    ASSERT_TRUE(set_vswitch_up(before.model, named(name), true));
  }
  Model after = before.model;
  before.model.vswitches.at("a").backing = Backing{"eth0", "", {}};
  before.model.vswitches.at("b").backing = Backing{"eth1", "", {}};
  after.vswitches.at("a").backing = Backing{"eth1", "", {}};
  after.vswitches.at("b").backing = Backing{"eth0", "", {}};
  const auto none = [](std::string_view) { return PortTraits{}; };
  std::multiset<std::string> open{"eth0", "eth1"};
  for (const Action& action : plan(before.model, after, none)) {
    if (const auto* close = std::get_if<ClosePort>(&action)) {
      open.erase(close->configuration.endpoint);
    } else if (const auto* opened = std::get_if<OpenPort>(&action)) {
      open.insert(opened->configuration.endpoint);
      EXPECT_EQ(open.count(opened->configuration.endpoint), 1u);
    }
  }
  EXPECT_EQ(open, (std::multiset<std::string>{"eth0", "eth1"}));
}

}  // namespace
}  // namespace hpvmnet
