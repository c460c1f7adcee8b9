#include <gmock/gmock.h>

#include "control/edit.h"
#include "unit/control/model_builder.h"

namespace hpvmnet {
namespace {

using testing::HasSubstr;

TEST(CloneVswitch, TakesOverTheSettingsAndNotTheGuests) {
  ModelBuilder builder;
  builder.vswitch("prod").guest("a", {vnic("lan", "prod", 3)});
  Model& model = builder.model;
  ASSERT_TRUE(set_backing(model, named("prod"), BackingRequest{"eth1", "", {}}));
  ASSERT_TRUE(set_vswitch_up(model, named("prod"), true));
  ASSERT_TRUE(set_multicast_policy(model, named("prod"), MulticastPolicy::strict));
  ASSERT_TRUE(set_filters(model, named("prod"), {{"a", "x"}}));
  ASSERT_TRUE(
      set_mirror(model, named("prod"), MirrorSettings{.port = 7, .sources = {}, .filter = {}}));
  ASSERT_TRUE(set_port_vlan(model, named("prod"), 3, 20));
  ASSERT_TRUE(clone_vswitch(model, named("prod"), "test", {}));
  const Vswitch& prod = model.vswitches.at("prod");
  const Vswitch& test = model.vswitches.at("test");
  EXPECT_EQ(test.ports, prod.ports);
  EXPECT_EQ(test.multicast, MulticastPolicy::strict);
  EXPECT_EQ(test.mirror, prod.mirror);
  EXPECT_EQ(test.filters, (std::vector<FilterSettings>{{"a", "x"}}));
  EXPECT_FALSE(test.up);
  EXPECT_EQ(test.number, 3U);
  EXPECT_EQ(test.backing, std::nullopt);  // one vswitch has it
  EXPECT_EQ(prod.backing->interface, "eth1");
  ASSERT_TRUE(clone_vswitch(model, named("prod"), "other", BackingRequest{"eth2", "", {}}));
  EXPECT_EQ(model.vswitches.at("other").backing->interface, "eth2");
}

TEST(CloneVswitch, RefusesWhatCannotBe) {
  ModelBuilder builder;
  builder.vswitch("prod");
  ASSERT_TRUE(set_backing(builder.model, named("prod"), BackingRequest{"eth1", "", {}}));
  const Model before = builder.model;
  EXPECT_FALSE(clone_vswitch(builder.model, named("none"), "test", {}));
  EXPECT_FALSE(clone_vswitch(builder.model, named("prod"), "localnet", {}));
  EXPECT_FALSE(clone_vswitch(builder.model, named("prod"), "a/b", {}));
  EXPECT_FALSE(clone_vswitch(builder.model, named("prod"), "test", BackingRequest{"eth1", "", {}}));
  EXPECT_EQ(builder.model, before);
}

class CloneGuest : public testing::Test {
 protected:
  CloneGuest() {
    builder_.vswitch("sw").guest(
        "a", {at(0, 1, with_mac("02-00-00-00-00-0a", vnic("avio_lan", "sw", 7))),
              at(1, 2, to_endpoint("/run/passt", vnic("lan", "localnet", 4)))});
    EXPECT_TRUE(set_port_vlan(builder_.model, named("sw"), 7, 20));
  }
  Status clone(const std::string& name, const GuestChange& change = {}) {
    return clone_guest(builder_.model, "a", name, change, builder_.context);
  }
  const std::vector<Vnic>& vnics(const std::string& guest) {
    return builder_.model.guests.at(guest).vnics;
  }

  ModelBuilder builder_;
};

TEST_F(CloneGuest, HasTheSamePlacesWithNewAddressesAndFreePorts) {
  ASSERT_TRUE(clone("b"));
  ASSERT_EQ(vnics("b").size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    const Vnic& from = vnics("a")[i];
    const Vnic& to = vnics("b")[i];
    EXPECT_EQ(std::pair(to.bus, to.device), std::pair(from.bus, from.device));
    EXPECT_EQ(to.adaptor, from.adaptor);
    EXPECT_EQ(to.vswitch, from.vswitch);
    EXPECT_NE(to.port, from.port);
    EXPECT_NE(to.mac, from.mac);
    EXPECT_EQ(to.endpoint, "");
  }
  EXPECT_EQ(settings_of(builder_.model, "sw", vnics("b")[0].port).vlans.untagged, 20);
  EXPECT_EQ(builder_.model.guests.at("b").number, 2U);
}

TEST_F(CloneGuest, ChangesAreMadeToTheNewOneOnly) {
  const std::vector<Vnic> before = vnics("a");
  GuestChange change;
  change.modify.push_back(at(0, 1, with_mac("02-00-00-00-00-0b")));
  change.modify[0].port = 9;
  change.remove.push_back(at(1, 2));
  change.add.push_back(vnic("lan", "sw"));
  ASSERT_TRUE(clone("b", change));
  EXPECT_EQ(vnics("a"), before);
  ASSERT_EQ(vnics("b").size(), 2U);
  EXPECT_EQ(vnics("b")[1].port, 9);
  EXPECT_EQ(vnics("b")[1].mac.dashed(), "02-00-00-00-00-0b");
  EXPECT_EQ(vnics("b")[0].adaptor, "lan");
  // a port that was named has settings of its own, and one that was left again has none
  EXPECT_EQ(builder_.model.vswitches.at("sw").ports.size(), 1U);
}

TEST_F(CloneGuest, IsRefusedWhole) {
  const Model before = builder_.model;
  EXPECT_FALSE(clone("a"));
  EXPECT_FALSE(clone("-x"));
  GuestChange change;
  change.modify.push_back(at(0, 1, with_mac("02-00-00-00-00-0a")));
  const Status taken = clone("b", change);
  ASSERT_FALSE(taken);
  EXPECT_THAT(taken.error().text, HasSubstr("belongs to the vNIC of guest 'a'"));
  EXPECT_FALSE(clone_guest(builder_.model, "nobody", "b", {}, builder_.context));
  EXPECT_EQ(builder_.model, before);
}

TEST_F(CloneGuest, MigrationKeepsPortAndAddress) {
  ASSERT_TRUE(create_guest(builder_.model, "old",
                           {at(0, 0, with_mac("02-00-00-00-00-0c", vnic("lan", "sw", 5)))},
                           builder_.context));
  ASSERT_TRUE(set_port_vlan(builder_.model, named("sw"), 5, 30));
  VnicRequest accelerated = at(0, 0);
  accelerated.adaptor = "avio_lan";
  ASSERT_TRUE(modify_guest(builder_.model, "old",
                           {.remove = {}, .modify = {accelerated}, .add = {}}, builder_.context));
  const Vnic& vnic = vnics("old")[0];
  EXPECT_EQ(vnic.adaptor, "avio_lan");
  EXPECT_EQ(vnic.port, 5);
  EXPECT_EQ(vnic.mac.dashed(), "02-00-00-00-00-0c");
  EXPECT_EQ(settings_of(builder_.model, "sw", 5).vlans.untagged, 30);
}

}  // namespace
}  // namespace hpvmnet
