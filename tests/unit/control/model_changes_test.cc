#include "control/model_changes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/edit.h"
#include "unit/control/model_builder.h"

namespace hpvmnet {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> texts(const Model& from, const Model& to) {
  std::vector<std::string> all;
  for (const Event& event : changes_between(from, to)) all.push_back(event.text);
  return all;
}

Model with_vswitch() {
  Model model = initial_model();
  EXPECT_TRUE(create_vswitch(model, "prod"));
  return model;
}

Model with_guest(Model model) {
  Guest guest{.name = "web", .number = 1, .vnics = {}};
  guest.vnics.push_back({.adaptor = "avio_lan",
                         .mac = MacAddress(0x020000000001),
                         .vswitch = "prod",
                         .port = 3,
                         .endpoint = {}});
  model.guests["web"] = guest;
  return model;
}

TEST(ModelChanges, OfNothingAreNone) {
  EXPECT_THAT(changes_between(with_vswitch(), with_vswitch()), IsEmpty());
}

TEST(ModelChanges, OfVswitches) {
  EXPECT_THAT(texts(initial_model(), with_vswitch()), ElementsAre("vswitch prod was made"));
  EXPECT_THAT(texts(with_vswitch(), initial_model()), ElementsAre("vswitch prod was removed"));
  Model to = with_vswitch();
  Vswitch& vswitch = to.vswitches.at("prod");
  vswitch.backing = Backing{"eth1", "", VlanId{20}};
  vswitch.multicast = MulticastPolicy::strict;
  vswitch.filters = {{"a", "x"}};
  vswitch.mirror = MirrorSettings{.port = 7, .sources = {}, .filter = {}};
  EXPECT_THAT(texts(with_vswitch(), to),
              ElementsAre("the backing interface of vswitch prod is VLAN 20 of eth1",
                          "multicast of vswitch prod is for those who asked",
                          "the filters of vswitch prod are: a(x)",
                          "frames of vswitch prod are mirrored to port 7"));
  EXPECT_THAT(texts(to, with_vswitch()).front(),
              "vswitch prod has no backing interface any longer");
}

TEST(ModelChanges, BootsAndHaltsHaveTheirOwnKinds) {
  Model up = with_vswitch();
  up.vswitches.at("prod").up = true;
  const auto booted = changes_between(with_vswitch(), up);
  ASSERT_EQ(booted.size(), 1u);
  EXPECT_EQ(booted[0].kind, EventKind::vswitch_booted);
  EXPECT_EQ(booted[0].vswitch, "prod");
  const auto halted = changes_between(up, with_vswitch());
  ASSERT_EQ(halted.size(), 1u);
  EXPECT_EQ(halted[0].kind, EventKind::vswitch_halted);
}

TEST(ModelChanges, OfPorts) {
  Model to = with_vswitch();
  PortSettings& settings = to.vswitches.at("prod").ports[3];
  settings.vlans.untagged = VlanId{10};
  settings.queue_pairs = 4;
  settings.packed_rings = true;
  const auto events = changes_between(with_vswitch(), to);
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0].kind, EventKind::configuration_changed);
  EXPECT_EQ(events[0].vswitch, "prod");
  EXPECT_EQ(events[0].port, PortNumber{3});
  EXPECT_THAT(texts(with_vswitch(), to),
              ElementsAre("port 3 of vswitch prod is in VLAN 10",
                          "port 3 of vswitch prod is to have 4 pairs of queues",
                          "port 3 of vswitch prod offers packed rings"));
  EXPECT_THAT(texts(to, with_vswitch()),
              ElementsAre("port 3 of vswitch prod is in no VLAN",
                          "port 3 of vswitch prod is to have 1 pairs of queues",
                          "port 3 of vswitch prod offers split rings"));
}

TEST(ModelChanges, OfGuests) {
  const Model before = with_vswitch();
  const auto made = changes_between(before, with_guest(before));
  ASSERT_EQ(made.size(), 2u);
  EXPECT_EQ(made[0].text, "guest web was made");
  EXPECT_EQ(made[0].guest, "web");
  EXPECT_EQ(made[1].text,
            "guest web has a vNIC 02-00-00-00-00-01 (avio_lan) on port 3 of vswitch prod");
  EXPECT_EQ(made[1].vswitch, "prod");
  EXPECT_EQ(made[1].port, PortNumber{3});
  EXPECT_THAT(
      texts(with_guest(before), before),
      ElementsAre("guest web has no vNIC 02-00-00-00-00-01 on port 3 of vswitch prod any longer",
                  "guest web was removed"));
  Model moved = with_guest(before);
  moved.guests.at("web").vnics[0].port = 4;
  EXPECT_THAT(
      texts(with_guest(before), moved),
      ElementsAre("guest web has no vNIC 02-00-00-00-00-01 on port 3 of vswitch prod any longer",
                  "guest web has a vNIC 02-00-00-00-00-01 (avio_lan) on port 4 of vswitch prod"));
}

}  // namespace
}  // namespace hpvmnet
