#include <string>

#include <gmock/gmock.h>

#include "control/edit.h"
#include "unit/control/model_builder.h"

namespace hpvmnet {
namespace {

using testing::HasSubstr;

/// localnet, vswitch "sw" and guest "a" with a vNIC on port 1 of "sw".
class EditGuest : public testing::Test {
 protected:
  EditGuest() {
    builder_.vswitch("sw").guest("a", {with_mac("02-00-00-00-00-0a", vnic("avio_lan", "sw"))});
  }

  Model& model() { return builder_.model; }
  const std::vector<Vnic>& vnics(const std::string& guest) {
    return model().guests.at(guest).vnics;
  }

  Status create(const std::string& name, const std::vector<VnicRequest>& requests) {
    return create_guest(model(), name, requests, builder_.context);
  }
  Status add(const std::string& name, const std::vector<VnicRequest>& requests) {
    return modify_guest(model(), name, {.remove = {}, .modify = {}, .add = requests},
                        builder_.context);
  }
  Status modify(const std::string& name, const std::vector<VnicRequest>& requests) {
    return modify_guest(model(), name, {.remove = {}, .modify = requests, .add = {}},
                        builder_.context);
  }
  Status remove(const std::string& name, const std::vector<VnicRequest>& requests) {
    return modify_guest(model(), name, {.remove = requests, .modify = {}, .add = {}},
                        builder_.context);
  }

  /// The edit fails with that code and that part of a sentence, and the model stays as it was.
  template <class Edit>
  void expect_refused(Edit edit, ErrorCode code, const std::string& part) {
    const Model before = model();
    const Status status = edit();
    ASSERT_FALSE(status) << "accepted instead of: " << part;
    EXPECT_EQ(status.error().code, code) << status.error().text;
    EXPECT_THAT(status.error().text, HasSubstr(part));
    EXPECT_FALSE(status.error().text.ends_with('.')) << status.error().text;
    EXPECT_EQ(model(), before);
  }

  ModelBuilder builder_;
};

TEST_F(EditGuest, CreateChoosesWhatIsLeftOut) {
  ASSERT_TRUE(create("b", {vnic("lan", "sw"), vnic("lan", "localnet"), vnic("lan", "sw")}));
  ASSERT_EQ(vnics("b").size(), 3u);
  EXPECT_EQ(model().guests.at("b").number, 2u);
  for (std::uint32_t index = 0; index < 3; ++index) {
    const Vnic& made = vnics("b")[index];
    EXPECT_EQ(made.bus, 0u);
    EXPECT_EQ(made.device, index);
    EXPECT_TRUE(made.mac.is_locally_administered());
    EXPECT_FALSE(made.mac.is_group());
  }
  EXPECT_EQ(vnics("b")[0].port, 2);
  EXPECT_EQ(vnics("b")[1].port, 1);
  EXPECT_EQ(vnics("b")[2].port, 3);
}

TEST_F(EditGuest, WhatOneRequestGivesIsNotChosenForAnother) {
  ASSERT_TRUE(create("b", {vnic("lan", "sw"), at(0, 0, vnic("lan", "sw", 2))}));
  EXPECT_EQ(vnics("b")[0].port, 2);
  EXPECT_EQ(vnics("b")[1].device, 1u);
  EXPECT_EQ(vnics("b")[1].port, 3);
}

TEST_F(EditGuest, ChosenPortsHaveNoSettings) {
  ASSERT_TRUE(set_port_vlan(model(), named("sw"), 2, 100));
  ASSERT_TRUE(create("b", {vnic("lan", "sw")}));
  EXPECT_EQ(vnics("b")[0].port, 3);
}

TEST_F(EditGuest, TheMirrorsPortIsNotChosen) {
  MirrorSettings mirror;
  mirror.port = 2;
  ASSERT_TRUE(set_mirror(model(), named("sw"), mirror));
  ASSERT_TRUE(create("b", {vnic("lan", "sw")}));
  EXPECT_EQ(vnics("b")[0].port, 3);
}

TEST_F(EditGuest, HalfAPositionIsCompleted) {
  VnicRequest on_bus = vnic("lan", "sw");
  on_bus.bus = 3;
  VnicRequest on_device = vnic("lan", "sw");
  on_device.device = 0;
  ASSERT_TRUE(create("b", {on_bus, on_device, on_bus}));
  EXPECT_EQ(vnics("b")[0].bus, 0u);
  EXPECT_EQ(vnics("b")[0].device, 0u);
  EXPECT_EQ(vnics("b")[1].bus, 3u);
  EXPECT_EQ(vnics("b")[1].device, 0u);
  EXPECT_EQ(vnics("b")[2].bus, 3u);
  EXPECT_EQ(vnics("b")[2].device, 1u);
}

TEST_F(EditGuest, VnicsAreInTheOrderOfBusAndDevice) {
  ASSERT_TRUE(create("b", {at(1, 0, vnic("lan", "sw")), at(0, 7, vnic("lan", "sw"))}));
  EXPECT_EQ(vnics("b")[0].device, 7u);
  EXPECT_EQ(vnics("b")[1].bus, 1u);
}

TEST_F(EditGuest, GeneratedAddressesAreUniqueWhateverTheRandomNumbers) {
  builder_.context.random = [] { return 0xffff'ffff'ffff'ffff; };
  ASSERT_TRUE(create("b", {vnic("lan", "sw"), vnic("lan", "sw"), vnic("lan", "sw")}));
  EXPECT_EQ(vnics("b")[0].mac.dashed(), "fe-ff-ff-ff-ff-ff");
  EXPECT_NE(vnics("b")[0].mac, vnics("b")[1].mac);
  EXPECT_NE(vnics("b")[1].mac, vnics("b")[2].mac);
  for (const Vnic& made : vnics("b")) {
    EXPECT_TRUE(made.mac.is_locally_administered());
    EXPECT_FALSE(made.mac.is_group());
  }
}

TEST_F(EditGuest, NamesHaveRules) {
  EXPECT_TRUE(create(std::string(64, 'g'), {}));
  expect_refused([&] { return create(std::string(65, 'g'), {}); }, ErrorCode::invalid_argument,
                 "1 to 64 letters");
  expect_refused([&] { return create("../etc", {}); }, ErrorCode::invalid_argument,
                 "cannot be the name of a guest");
  expect_refused([&] { return create("a", {}); }, ErrorCode::already_exists,
                 "guest 'a' exists already");
}

TEST_F(EditGuest, UnknownThingsAreNamed) {
  expect_refused([&] { return create("b", {vnic("tun", "sw")}); }, ErrorCode::not_found,
                 "there is no adaptor 'tun'");
  expect_refused([&] { return create("b", {vnic("lan", "no")}); }, ErrorCode::not_found,
                 "there is no vswitch 'no'; 'hpvmnet' lists the vswitches");
  expect_refused([&] { return add("no", {vnic("lan", "sw")}); }, ErrorCode::not_found,
                 "there is no guest 'no'; 'hpvmstatus' lists the guests");
  expect_refused([&] { return remove_guest(model(), "no"); }, ErrorCode::not_found,
                 "there is no guest 'no'");
  expect_refused([&] { return create("b", {vnic("", "sw")}); }, ErrorCode::invalid_argument,
                 "a vNIC needs an adaptor");
  expect_refused([&] { return create("b", {vnic("lan", "")}); }, ErrorCode::invalid_argument,
                 "a vNIC needs a vswitch");
}

TEST_F(EditGuest, RangesAreChecked) {
  const auto request = vnic("lan", "sw");
  expect_refused([&] { return create("b", {at(8, 0, request)}); }, ErrorCode::invalid_argument,
                 "there is no bus 8: buses are 0 to 7");
  expect_refused([&] { return create("b", {at(0, 8, request)}); }, ErrorCode::invalid_argument,
                 "there is no device 8: devices are 0 to 7");
  for (const std::uint32_t port : {512u, 65536u + 4}) {
    expect_refused([&] { return create("b", {vnic("lan", "sw", port)}); },
                   ErrorCode::invalid_argument, "port ids are 0 to 511");
  }
  EXPECT_TRUE(create("b", {at(7, 7, vnic("lan", "sw", 511)), vnic("lan", "sw", 0)}));
}

TEST_F(EditGuest, GivenAddressesAreUnicastAndLocallyAdministered) {
  const auto refused = [&](const char* mac, const char* part) {
    expect_refused([&] { return create("b", {with_mac(mac, vnic("lan", "sw"))}); },
                   ErrorCode::invalid_argument, part);
  };
  refused("00-00-00-00-00-00", "belongs to no vNIC");
  refused("ff-ff-ff-ff-ff-ff", "is a multicast or broadcast address");
  refused("03-00-00-00-00-01", "02-00-00-00-00-01 would do");
  refused("00-1b-21-00-00-01", "bit 1 of its first octet must be set; 02-1b-21-00-00-01 would do");
}

TEST_F(EditGuest, AddressesAreUniqueInTheModel) {
  expect_refused(
      [&] { return create("b", {with_mac("02-00-00-00-00-0a", vnic("lan", "sw"))}); },
      ErrorCode::already_exists,
      "MAC address 02-00-00-00-00-0a belongs to the vNIC of guest 'a' at bus 0, device 0 already");
  const auto twice = with_mac("02-00-00-00-00-0b", vnic("lan", "sw"));
  expect_refused(
      [&] {
        return create("b", {twice, twice});
      },
      ErrorCode::already_exists, "02-00-00-00-00-0b belongs to the vNIC of guest 'b'");
}

TEST_F(EditGuest, PositionsAreUniqueInTheGuest) {
  expect_refused([&] { return add("a", {at(0, 0, vnic("lan", "sw"))}); }, ErrorCode::already_exists,
                 "guest 'a' can have only one vNIC at bus 0, device 0");
  std::vector<VnicRequest> all(63, vnic("lan", "sw"));
  ASSERT_TRUE(add("a", all));
  expect_refused([&] { return add("a", {vnic("lan", "sw")}); }, ErrorCode::resource_exhausted,
                 "guest 'a' has no room for one more vNIC");
}

TEST_F(EditGuest, SeveralGuestsMayReserveOnePort) {
  EXPECT_TRUE(create("b", {vnic("avio_lan", "sw", 1)}));
  EXPECT_EQ(vnics("a")[0].port, vnics("b")[0].port);
}

TEST_F(EditGuest, ASharedPortHasOneAdaptor) {
  expect_refused([&] { return create("b", {vnic("lan", "sw", 1)}); },
                 ErrorCode::failed_precondition,
                 "port 1 of vswitch 'sw' is reserved by guest 'a' with adaptor 'avio_lan'");
  ASSERT_TRUE(create("b", {vnic("avio_lan", "sw", 1)}));
  expect_refused([&] { return modify("b", {at(0, 0, vnic("lan", ""))}); },
                 ErrorCode::failed_precondition, "reserved by guest 'a'");
  ASSERT_TRUE(remove_guest(model(), "a"));
  EXPECT_TRUE(modify("b", {at(0, 0, vnic("lan", ""))}));
  EXPECT_EQ(vnics("b")[0].adaptor, "lan");
}

TEST_F(EditGuest, ASharedPortHasOneEndpoint) {
  ASSERT_TRUE(create("b", {to_endpoint("/x", vnic("lan", "sw", 2))}));
  ASSERT_TRUE(create("c", {to_endpoint("/x", vnic("lan", "sw", 2))}));
  expect_refused([&] { return create("d", {to_endpoint("/y", vnic("lan", "sw", 2))}); },
                 ErrorCode::failed_precondition,
                 "port 2 of vswitch 'sw' is reserved by guest 'b' and connects to '/x', so that of "
                 "guest 'd' cannot connect to '/y'");
  expect_refused([&] { return modify("c", {at(0, 0, to_endpoint(""))}); },
                 ErrorCode::failed_precondition, "cannot connect to its adaptor's default");
  ASSERT_TRUE(remove_guest(model(), "b"));
  EXPECT_TRUE(modify("c", {at(0, 0, to_endpoint(""))}));
  EXPECT_EQ(vnics("c")[0].endpoint, "");
}

TEST_F(EditGuest, EndpointsHaveRules) {
  EXPECT_TRUE(create("b", {to_endpoint("/" + std::string(254, ' '), vnic("lan", "sw"))}));
  for (const std::string& endpoint : {std::string(256, '/'), std::string("/a:b"),
                                      std::string("/a\n"), std::string("/\xc3\xa9")}) {
    expect_refused([&] { return create("c", {to_endpoint(endpoint, vnic("lan", "sw"))}); },
                   ErrorCode::invalid_argument, "a port cannot connect to '/");
  }
}

TEST_F(EditGuest, AnEndpointStaysWithItsAdaptor) {
  ASSERT_TRUE(create("b", {to_endpoint("/x", vnic("lan", "sw", 2))}));
  ASSERT_TRUE(modify("b", {at(0, 0, vnic("lan", "localnet"))}));
  EXPECT_EQ(vnics("b")[0].endpoint, "/x");
  ASSERT_TRUE(modify("b", {at(0, 0, vnic("avio_lan", ""))}));
  EXPECT_EQ(vnics("b")[0].endpoint, "");
}

TEST_F(EditGuest, RemoveFindsByEndpoint) {
  ASSERT_TRUE(create("b", {to_endpoint("/x", vnic("lan", "sw")), vnic("lan", "sw")}));
  expect_refused([&] { return remove("b", {to_endpoint("/y", vnic("", "sw"))}); },
                 ErrorCode::not_found, "has no vNIC on vswitch 'sw' connected to '/y'");
  ASSERT_TRUE(remove("b", {to_endpoint("", vnic("", "sw"))}));
  ASSERT_EQ(vnics("b").size(), 1u);
  EXPECT_EQ(vnics("b")[0].endpoint, "/x");
}

TEST_F(EditGuest, AGuestReservesAPortOnce) {
  expect_refused([&] { return add("a", {vnic("avio_lan", "sw", 1)}); },
                 ErrorCode::failed_precondition,
                 "guest 'a' cannot reserve port 1 of vswitch 'sw' twice");
}

TEST_F(EditGuest, AFullVswitchIsRefusedAfterPortZeroWasTaken) {
  for (std::uint32_t port = 2; port < kPortsPerVswitch; ++port) {
    ASSERT_TRUE(set_port_vlan(model(), named("sw"), port, 5));
  }
  ASSERT_TRUE(create("b", {vnic("lan", "sw")}));
  EXPECT_EQ(vnics("b")[0].port, 0);
  expect_refused([&] { return create("c", {vnic("lan", "sw")}); }, ErrorCode::resource_exhausted,
                 "vswitch 'sw' is full");
  EXPECT_TRUE(create("c", {vnic("lan", "sw", 9)}));
}

TEST_F(EditGuest, ModifyKeepsWhatIsLeftOut) {
  const Vnic before = vnics("a")[0];
  ASSERT_TRUE(modify("a", {at(0, 0)}));
  EXPECT_EQ(vnics("a")[0], before);
  ASSERT_TRUE(modify("a", {at(0, 0, vnic("lan", "sw"))}));
  EXPECT_EQ(vnics("a")[0].adaptor, "lan");
  EXPECT_EQ(vnics("a")[0].port, before.port);
  EXPECT_EQ(vnics("a")[0].mac, before.mac);
  ASSERT_TRUE(modify("a", {at(0, 0, with_mac("02-00-00-00-00-77"))}));
  EXPECT_EQ(vnics("a")[0].mac.dashed(), "02-00-00-00-00-77");
  ASSERT_TRUE(modify("a", {at(0, 0, vnic("", "", 9))}));
  EXPECT_EQ(vnics("a")[0].port, 9);
  EXPECT_EQ(vnics("a")[0].vswitch, "sw");
}

TEST_F(EditGuest, AVnicThatMovesGetsAFreePortThere) {
  ASSERT_TRUE(modify("a", {at(0, 0, vnic("", "", 5))}));
  ASSERT_TRUE(create("b", {vnic("lan", "localnet", 5)}));
  ASSERT_TRUE(modify("a", {at(0, 0, vnic("", "localnet"))}));
  EXPECT_EQ(vnics("a")[0].vswitch, "localnet");
  EXPECT_EQ(vnics("a")[0].port, 1);
}

TEST_F(EditGuest, ModifiesTakeEffectTogether) {
  ASSERT_TRUE(add("a", {vnic("lan", "sw", 7)}));
  const MacAddress first = vnics("a")[0].mac;
  const MacAddress second = vnics("a")[1].mac;
  ASSERT_TRUE(modify("a", {at(0, 0, with_mac(second.dashed().c_str(), vnic("", "", 7))),
                           at(0, 1, with_mac(first.dashed().c_str(), vnic("", "", 1)))}));
  EXPECT_EQ(vnics("a")[0].port, 7);
  EXPECT_EQ(vnics("a")[0].mac, second);
  EXPECT_EQ(vnics("a")[1].port, 1);
  EXPECT_EQ(vnics("a")[1].mac, first);
}

TEST_F(EditGuest, ModifyNeedsAPositionThatExists) {
  expect_refused([&] { return modify("a", {with_mac("02-00-00-00-00-0a")}); },
                 ErrorCode::invalid_argument, "by bus and device");
  expect_refused([&] { return modify("a", {at(0, 3, vnic("lan", ""))}); }, ErrorCode::not_found,
                 "guest 'a' has no vNIC at bus 0, device 3; 'hpvmstatus -P a' shows its vNICs");
}

TEST_F(EditGuest, RemoveFindsByPositionByAddressOrByPlace) {
  ASSERT_TRUE(add("a", {with_mac("02-00-00-00-00-01", vnic("lan", "sw", 4)), vnic("lan", "sw", 5),
                        vnic("lan", "localnet")}));
  ASSERT_TRUE(remove("a", {at(0, 0)}));
  ASSERT_TRUE(remove("a", {with_mac("02-00-00-00-00-01")}));
  ASSERT_TRUE(remove("a", {vnic("lan", "sw", 5)}));
  ASSERT_TRUE(remove("a", {vnic("", "localnet")}));
  EXPECT_TRUE(vnics("a").empty());
}

TEST_F(EditGuest, RemoveRefusesWhatIsNotSoOrNotUnique) {
  ASSERT_TRUE(add("a", {vnic("avio_lan", "sw", 4)}));
  expect_refused([&] { return remove("a", {vnic("avio_lan", "sw")}); }, ErrorCode::invalid_argument,
                 "guest 'a' has 2 vNICs with adaptor 'avio_lan' on vswitch 'sw': say which one by "
                 "bus and device");
  expect_refused([&] { return remove("a", {at(0, 0, vnic("lan", "sw"))}); }, ErrorCode::not_found,
                 "has no vNIC with adaptor 'lan' at bus 0, device 0 on vswitch 'sw'");
  expect_refused([&] { return remove("a", {with_mac("02-00-00-00-00-99")}); }, ErrorCode::not_found,
                 "has no vNIC with MAC address 02-00-00-00-00-99");
  expect_refused([&] { return remove("a", {vnic("lan", "")}); }, ErrorCode::invalid_argument,
                 "say which vNIC of guest 'a' is meant");
  expect_refused(
      [&] {
        return remove("a", {at(0, 0), at(0, 0)});
      },
      ErrorCode::not_found, "has no vNIC at bus 0, device 0");
}

TEST_F(EditGuest, OneBadPartSpoilsTheWholeChange) {
  const GuestChange change = {
      .remove = {at(0, 0)}, .modify = {}, .add = {vnic("lan", "sw"), vnic("lan", "no")}};
  expect_refused([&] { return modify_guest(model(), "a", change, builder_.context); },
                 ErrorCode::not_found, "there is no vswitch 'no'");
}

TEST_F(EditGuest, WhatIsRemovedMakesRoomForWhatIsAdded) {
  const GuestChange change = {
      .remove = {at(0, 0)},
      .modify = {},
      .add = {at(0, 0, with_mac("02-00-00-00-00-0a", vnic("lan", "sw", 1)))}};
  ASSERT_TRUE(modify_guest(model(), "a", change, builder_.context));
  EXPECT_EQ(vnics("a")[0].adaptor, "lan");
}

TEST_F(EditGuest, NumbersOfRemovedGuestsAreUsedAgain) {
  ASSERT_TRUE(create("b", {}));
  ASSERT_TRUE(remove_guest(model(), "a"));
  ASSERT_TRUE(create("c", {}));
  EXPECT_EQ(model().guests.at("c").number, 1u);
  EXPECT_EQ(model().guests.at("b").number, 2u);
}

}  // namespace
}  // namespace hpvmnet
