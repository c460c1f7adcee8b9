#include "control/configuration.h"

#include <gmock/gmock.h>

#include "control/changes.h"
#include "unit/control/random_models.h"

namespace hpvmnet {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Status apply(ModelBuilder& builder, const Configuration& wanted) {
  return apply_configuration(builder.model, wanted, builder.context);
}

const Vnic& vnic_of(const ModelBuilder& builder, const std::string& guest, std::size_t number = 0) {
  return builder.model.guests.at(guest).vnics.at(number);
}

Configuration::Vswitch vswitch(const std::string& name) { return {.name = name}; }

TEST(ConfigurationProperty, AppliedToItsOwnModelItChangesNothing) {
  RandomModels walk(1);
  for (int step = 0; step < 3000; ++step) {
    static_cast<void>(walk.step());
    Model model = walk.model();
    const Status applied =
        apply_configuration(model, configuration_of(walk.model()), edit_context());
    ASSERT_TRUE(applied) << applied.error().text;
    ASSERT_EQ(model, walk.model());
  }
}

// Whatever was there before; only numbers may be others.
TEST(ConfigurationProperty, AppliedToAnyModelItMakesTheSame) {
  RandomModels from(2);
  RandomModels to(3);
  for (int step = 0; step < 3000; ++step) {
    static_cast<void>(from.step());
    static_cast<void>(to.step());
    Model model = from.model();
    const Status applied = apply_configuration(model, configuration_of(to.model()), edit_context());
    ASSERT_TRUE(applied) << applied.error().text;
    ASSERT_THAT(describe_changes(model, to.model()), IsEmpty());
    ASSERT_THAT(describe_changes(to.model(), model), IsEmpty());
  }
}

// A description that leaves open what can be left open.
TEST(ConfigurationProperty, WhatItLeavesOpenStaysOnceItIsChosen) {
  RandomModels from(4);
  RandomModels to(5);
  std::mt19937_64 random(6);
  int applied = 0;
  for (int step = 0; step < 3000; ++step) {
    static_cast<void>(from.step());
    static_cast<void>(to.step());
    Configuration wanted = configuration_of(to.model());
    for (auto& guest : wanted.guests) {
      for (VnicRequest& vnic : guest.vnics) {
        if (random() % 2 == 0) vnic.mac.reset();
        if (random() % 2 == 0) vnic.port.reset();
        if (random() % 2 == 0) vnic.bus.reset();
        if (random() % 2 == 0) vnic.device.reset();
      }
    }
    ModelBuilder builder{.model = from.model(), .context = edit_context()};
    if (!apply(builder, wanted)) continue;  // its choices may meet an address that another has
    ++applied;
    const Model once = builder.model;
    ASSERT_TRUE(apply(builder, wanted));
    ASSERT_EQ(builder.model, once);
  }
  EXPECT_GT(applied, 2000);
}

TEST(Configuration, RemovesWhatItDoesNotNameUnlessThatIsToBeKept) {
  ModelBuilder builder;
  builder.vswitch("old").guest("g", {vnic("lan", "old")});
  ASSERT_TRUE(set_vswitch_up(builder.model, named(kLocalnet), false));
  Configuration wanted{.vswitches = {vswitch("new")}, .guests = {}, .keep_others = true};
  ASSERT_TRUE(apply(builder, wanted));
  EXPECT_TRUE(builder.model.vswitches.contains("old"));
  EXPECT_TRUE(builder.model.guests.contains("g"));
  wanted.keep_others = false;
  ASSERT_TRUE(apply(builder, wanted));
  EXPECT_THAT(builder.model.guests, IsEmpty());
  EXPECT_EQ(builder.model.vswitches.size(), 2u);
  EXPECT_TRUE(builder.model.vswitches.at(kLocalnet).up) << "as at the first start";
}

TEST(Configuration, SwapsInterfacesAndPorts) {
  ModelBuilder builder;
  builder.vswitch("a").vswitch("b");
  builder.guest("one", {vnic("lan", "a", 1)}).guest("two", {vnic("avio_lan", "a", 2)});
  ASSERT_TRUE(set_backing(builder.model, named("a"), BackingRequest{"eth0", "", {}}));
  ASSERT_TRUE(set_backing(builder.model, named("b"), BackingRequest{"eth1", "", {}}));
  Configuration wanted = configuration_of(builder.model);
  std::swap(wanted.vswitches[0].backing, wanted.vswitches[1].backing);
  std::swap(wanted.guests[0].vnics[0].port, wanted.guests[1].vnics[0].port);
  std::swap(wanted.guests[0].vnics[0].mac, wanted.guests[1].vnics[0].mac);
  const Status applied = apply(builder, wanted);
  ASSERT_TRUE(applied) << applied.error().text;
  EXPECT_EQ(builder.model.vswitches.at("a").backing->interface, "eth1");
  EXPECT_EQ(vnic_of(builder, "one").port, 2);
}

TEST(Configuration, KeepsAddressesWhereItGivesNone) {
  ModelBuilder builder;
  builder.vswitch("a").vswitch("b").guest("g", {vnic("lan", "a", 3), vnic("lan", "a", 4)});
  const MacAddress first = vnic_of(builder, "g").mac;
  const MacAddress second = vnic_of(builder, "g", 1).mac;
  const auto set = [&](std::vector<VnicRequest> vnics) {
    Configuration wanted{.vswitches = {vswitch("a"), vswitch("b")}, .guests = {}};
    wanted.guests = {{.name = "g", .vnics = std::move(vnics)}};
    const Status applied = apply(builder, wanted);
    ASSERT_TRUE(applied) << applied.error().text;
  };
  set({vnic("lan", "a", 4), vnic("avio_lan", "a", 3)});  // known by their ports, in any order
  EXPECT_EQ(vnic_of(builder, "g").mac, first);
  EXPECT_EQ(vnic_of(builder, "g").adaptor, "avio_lan");
  EXPECT_EQ(vnic_of(builder, "g", 1).mac, second);
  set({at(0, 1, vnic("lan", "b")), vnic("lan", "b")});  // by position; then what is left
  EXPECT_EQ(vnic_of(builder, "g").mac, first);
  EXPECT_EQ(vnic_of(builder, "g", 1).mac, second);
  set({with_mac(second.dashed().c_str(), vnic("lan", "a"))});  // by address
  EXPECT_EQ(vnic_of(builder, "g").device, 1u);
}

TEST(Configuration, ChoosesNoPortThatAnotherGuestIsToHave) {
  ModelBuilder builder;
  builder.vswitch("a");
  Configuration wanted{.vswitches = {vswitch("a")}, .guests = {}};
  wanted.guests = {{.name = "chooses", .vnics = {vnic("lan", "a")}},
                   {.name = "says", .vnics = {vnic("lan", "a", 1)}}};
  ASSERT_TRUE(apply(builder, wanted));
  EXPECT_EQ(vnic_of(builder, "chooses").port, 2);
}

TEST(Configuration, ErrorsNameTheirSourceAndChangeNothing) {
  ModelBuilder builder;
  builder.vswitch("a");
  const Model before = builder.model;
  const auto refused = [&](const Configuration& wanted) {
    const Status status = apply(builder, wanted);
    EXPECT_EQ(builder.model, before);
    return status ? "it was applied" : status.error().text;
  };
  Configuration twice{.vswitches = {vswitch("b"), vswitch("b")}, .guests = {}};
  twice.vswitches[1].source = "f:3:1";
  EXPECT_THAT(refused(twice), HasSubstr("f:3:1: vswitch 'b' is there twice"));
  Configuration port{.vswitches = {vswitch("b")}, .guests = {}};
  port.vswitches[0].ports = {{.number = 1, .trunk = "x", .source = "f:4:7"}};
  EXPECT_THAT(refused(port), HasSubstr("f:4:7: 'x' is not a list of VLANs"));
  Configuration guest{.vswitches = {}, .guests = {}};
  guest.guests = {{.name = "g", .vnics = {vnic("lan", "a")}, .source = "f:9:2"}};
  EXPECT_THAT(refused(guest), testing::StartsWith("f:9:2: ")) << "vswitch a would be removed";
}

TEST(Changes, AreSentences) {
  ModelBuilder builder;
  builder.vswitch("a").guest("g", {with_mac("02-00-00-00-00-01", vnic("lan", "a", 1))});
  const Model before = builder.model;
  ASSERT_TRUE(set_port_vlan(builder.model, named("a"), 1, 7));
  ASSERT_TRUE(set_vswitch_up(builder.model, named("a"), true));
  ASSERT_TRUE(modify_guest(builder.model, "g",
                           {.remove = {}, .modify = {at(0, 0, vnic("lan", "a", 2))}, .add = {}},
                           builder.context));
  EXPECT_THAT(describe_changes(before, builder.model),
              ElementsAre("set port 1 of vswitch 'a': VLAN 7 instead of none", "boot vswitch 'a'",
                          "change vNIC 0,0 of guest 'g': place port 2 of vswitch 'a' instead of "
                          "port 1 of vswitch 'a'"));
  builder.model = before;
  ASSERT_TRUE(set_filters(builder.model, named("a"), {{"x", ""}, {"y", "1,2"}}));
  ASSERT_TRUE(set_mirror(
      builder.model, named("a"),
      MirrorSettings{.port = 7, .sources = {1, 2}, .egress = true, .filter = {"ip", {}}}));
  EXPECT_THAT(describe_changes(before, builder.model),
              ElementsAre("set filters of vswitch 'a' to x,y(1,2) instead of none",
                          "set mirror of vswitch 'a' to port 7, ingress and egress of 1,2, only ip "
                          "instead of none"));
  EXPECT_THAT(describe_changes(before, initial_model()),
              ElementsAre("delete vswitch 'a'", "delete guest 'g'"));
  EXPECT_THAT(describe_changes(initial_model(), before),
              ElementsAre("create vswitch 'a'", "create guest 'g'",
                          "add vNIC 0,0 of guest 'g': lan on port 1 of vswitch 'a'"));
}

}  // namespace
}  // namespace hpvmnet
