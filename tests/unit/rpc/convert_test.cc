#include "rpc/convert.h"

#include <gmock/gmock.h>

namespace hpvmnet {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

template <class Message>
std::string refusal(const Message& message) {
  const auto read = from_proto(message);
  EXPECT_FALSE(read);
  if (read) return {};
  EXPECT_EQ(read.error().code, ErrorCode::invalid_argument);
  return read.error().text;
}

TEST(Convert, AVswitchHasANameOrANumber) {
  v1::VswitchReference reference;
  EXPECT_THAT(refusal(reference), HasSubstr("names no vswitch"));
  reference.set_name("");
  EXPECT_THAT(refusal(reference), HasSubstr("names no vswitch"));
  reference.set_name("blue");
  EXPECT_EQ(from_proto(reference)->name, "blue");
  reference.set_number(7);
  EXPECT_EQ(from_proto(reference)->name, "");
  EXPECT_EQ(from_proto(reference)->number, 7U);
}

TEST(Convert, AMirrorHasNumbersOfPortsAndAProgram) {
  v1::SetVswitchMirrorRequest request;
  request.mutable_vswitch()->set_name("blue");
  request.mutable_mirror()->set_port(513);
  EXPECT_EQ(refusal(request), "513 is no port number");
  request.mutable_mirror()->set_port(1);
  request.mutable_mirror()->add_sources(65537);
  EXPECT_EQ(refusal(request), "65537 is no port number");
  request.mutable_mirror()->set_sources(0, 512);
  v1::BpfInstruction& instruction = *request.mutable_mirror()->add_program();
  instruction.set_code(0x10000);
  EXPECT_THAT(refusal(request), HasSubstr("is no program"));
  instruction.set_code(6);
  instruction.set_if_true(256);
  EXPECT_THAT(refusal(request), HasSubstr("is no program"));
  instruction.set_if_true(0);
  EXPECT_TRUE(from_proto(request));
}

TEST(Convert, WhatAVnicRequestLeavesOutStaysOut) {
  v1::VnicRequest request;
  request.set_adaptor("lan");
  request.set_vswitch("blue");
  const auto vnic = from_proto(request).value();
  EXPECT_EQ(vnic.adaptor, "lan");
  EXPECT_EQ(vnic.vswitch, "blue");
  EXPECT_EQ(vnic.bus, std::nullopt);
  EXPECT_EQ(vnic.device, std::nullopt);
  EXPECT_EQ(vnic.mac, std::nullopt);
  EXPECT_EQ(vnic.port, std::nullopt);
  EXPECT_EQ(vnic.endpoint, std::nullopt);
}

TEST(Convert, ZeroIsNotLeftOut) {
  v1::VnicRequest request;
  request.set_bus(0);
  request.set_device(0);
  request.set_port(0);
  request.set_mac_address("02-00-00-00-00-01");
  request.set_endpoint("");
  const auto vnic = from_proto(request).value();
  EXPECT_EQ(vnic.bus, 0U);
  EXPECT_EQ(vnic.device, 0U);
  EXPECT_EQ(vnic.port, 0U);
  EXPECT_EQ(vnic.mac, MacAddress(0x020000000001));
  EXPECT_EQ(vnic.endpoint, "");
}

TEST(Convert, AnAddressThatIsNoneIsShownWithoutWhatATerminalMightObey) {
  v1::VnicRequest request;
  request.set_mac_address("02-00\x1b[2J");
  EXPECT_THAT(refusal(request), HasSubstr("is not a MAC address"));
  EXPECT_THAT(refusal(request), HasSubstr("aa-bb-cc-00-11-22"));
  EXPECT_THAT(refusal(request), testing::Not(HasSubstr("\x1b")));
}

TEST(Convert, APortNumberIsNeverCutToFit) {
  v1::VnicRequest request;
  request.set_port(65536 + 3);
  EXPECT_THAT(refusal(request), HasSubstr("65539"));
}

TEST(Convert, AVlanThatIsLeftOutIsNone) {
  v1::SetPortVlanRequest request;
  EXPECT_THAT(refusal(request), HasSubstr("names no vswitch"));
  request.mutable_vswitch()->set_name("blue");
  request.set_port(9);
  EXPECT_EQ(from_proto(request)->port, 9U);
  EXPECT_EQ(from_proto(request)->vlan, std::nullopt);
  request.set_vlan_id(0);
  EXPECT_EQ(from_proto(request)->vlan, 0U);
}

TEST(Convert, RingsAreNeverGuessed) {
  v1::SetPortRingsRequest request;
  request.mutable_vswitch()->set_name("blue");
  request.set_port(9);
  EXPECT_THAT(refusal(request), HasSubstr("split and packed"));
  request.set_rings(static_cast<v1::Port::Rings>(3));
  EXPECT_THAT(refusal(request), HasSubstr("split and packed"));
  request.set_rings(v1::Port::RINGS_SPLIT);
  EXPECT_EQ(from_proto(request)->port, 9U);
  EXPECT_FALSE(from_proto(request)->packed);
  request.set_rings(v1::Port::RINGS_PACKED);
  EXPECT_TRUE(from_proto(request)->packed);
  request.clear_vswitch();
  EXPECT_THAT(refusal(request), HasSubstr("names no vswitch"));
}

TEST(Convert, GuestsNeedANameAndReadableVnics) {
  v1::CreateGuestRequest create;
  EXPECT_THAT(refusal(create), HasSubstr("names no guest"));
  create.set_name("g");
  create.add_vnics()->set_adaptor("lan");
  EXPECT_EQ(from_proto(create)->vnics.at(0).adaptor, "lan");
  create.add_vnics()->set_mac_address("x");
  EXPECT_THAT(refusal(create), HasSubstr("is not a MAC address"));
  EXPECT_THAT(refusal(v1::GetGuestRequest()), HasSubstr("names no guest"));
  EXPECT_THAT(refusal(v1::RemoveGuestRequest()), HasSubstr("names no guest"));
}

TEST(Convert, AGuestChangeKeepsItsThreeLists) {
  v1::ModifyGuestRequest request;
  EXPECT_THAT(refusal(request), HasSubstr("names no guest"));
  request.set_name("g");
  request.add_remove()->set_bus(1);
  request.add_modify()->set_bus(2);
  request.add_add()->set_bus(3);
  request.set_force(true);
  const auto read = from_proto(request).value();
  EXPECT_EQ(read.change.remove.at(0).bus, 1U);
  EXPECT_EQ(read.change.modify.at(0).bus, 2U);
  EXPECT_EQ(read.change.add.at(0).bus, 3U);
  EXPECT_TRUE(read.manner.force);
  EXPECT_FALSE(read.manner.dry_run);
  request.mutable_modify(0)->set_mac_address("x");
  EXPECT_THAT(refusal(request), HasSubstr("is not a MAC address"));
}

TEST(Convert, AnAttachmentIsForAKnownHypervisor) {
  v1::DescribeAttachmentRequest request;
  request.set_name("g");
  EXPECT_THAT(refusal(request), HasSubstr("QEMU"));
  request.set_hypervisor(v1::DescribeAttachmentRequest::HYPERVISOR_QEMU);
  EXPECT_EQ(from_proto(request)->guest, "g");
  EXPECT_EQ(from_proto(request)->attachment.memory_mib, 1024U);
  request.set_memory_mib(4096);
  EXPECT_EQ(from_proto(request)->attachment.memory_mib, 4096U);
}

TEST(Convert, APortTellsOnlyDropsThatOccurred) {
  PortStatus status;
  status.number = 3;
  status.state = PortState::active;
  status.adaptor = "lan";
  status.vlan = 0;
  status.reserved = {"g", "h"};
  status.active = "g";
  status.socket = "/run/x.sock";
  status.endpoint = "/run/y";
  status.counters.ingress_frames = 1;
  status.counters.ingress_bytes = 2;
  status.counters.ingress_bursts = 3;
  status.counters.egress_frames = 4;
  status.counters.egress_bytes = 5;
  status.counters.egress_bursts = 6;
  status.counters.drops[static_cast<std::size_t>(Drop::tagged)] = 7;
  v1::Port port;
  to_proto(status, port);
  EXPECT_EQ(port.number(), 3U);
  EXPECT_EQ(port.state(), v1::Port::STATE_ACTIVE);
  EXPECT_EQ(port.adaptor(), "lan");
  EXPECT_TRUE(port.has_vlan_id());
  EXPECT_EQ(port.vlan_id(), 0U);
  EXPECT_THAT(port.reserved_by(), ElementsAre("g", "h"));
  EXPECT_EQ(port.active_guest(), "g");
  EXPECT_EQ(port.socket(), "/run/x.sock");
  EXPECT_EQ(port.endpoint(), "/run/y");
  EXPECT_EQ(port.counters().ingress_frames(), 1U);
  EXPECT_EQ(port.counters().ingress_bytes(), 2U);
  EXPECT_EQ(port.counters().ingress_bursts(), 3U);
  EXPECT_EQ(port.counters().egress_frames(), 4U);
  EXPECT_EQ(port.counters().egress_bytes(), 5U);
  EXPECT_EQ(port.counters().egress_bursts(), 6U);
  ASSERT_EQ(port.counters().drops_size(), 1);
  EXPECT_EQ(port.counters().drops(0).reason(), "tagged");
  EXPECT_EQ(port.counters().drops(0).frames(), 7U);
  EXPECT_THAT(port.counters().drops(0).description(), HasSubstr("VLAN tag"));
}

TEST(Convert, EachPortStateHasItsOwn) {
  for (const auto& [state, expected] : {std::pair(PortState::down, v1::Port::STATE_DOWN),
                                        std::pair(PortState::reserved, v1::Port::STATE_RESERVED)}) {
    PortStatus status;
    status.state = state;
    v1::Port port;
    to_proto(status, port);
    EXPECT_EQ(port.state(), expected);
    EXPECT_FALSE(port.has_vlan_id());
    EXPECT_EQ(port.rings(), v1::Port::RINGS_SPLIT);
  }
}

TEST(Convert, VswitchesShowTheirPortsAloneButNotInAList) {
  VswitchStatus blue;
  blue.name = "blue";
  blue.number = 2;
  blue.up = true;
  blue.mac_addresses = 5;
  blue.ports.resize(2);
  v1::Vswitch one;
  to_proto(blue, one);
  EXPECT_EQ(one.name(), "blue");
  EXPECT_EQ(one.number(), 2U);
  EXPECT_EQ(one.state(), v1::Vswitch::STATE_UP);
  EXPECT_EQ(one.mac_address_count(), 5U);
  EXPECT_EQ(one.ports_size(), 2);
  v1::ListVswitchesResponse all;
  blue.up = false;
  to_proto(std::vector{blue}, all);
  EXPECT_EQ(all.vswitches(0).state(), v1::Vswitch::STATE_DOWN);
  EXPECT_EQ(all.vswitches(0).ports_size(), 0);
}

TEST(Convert, AGuestTellsWhichOfItsVnicsAreAttached) {
  GuestStatus status;
  status.guest.name = "g";
  status.guest.number = 4;
  status.guest.vnics.resize(2);
  status.guest.vnics[1] = {.adaptor = "lan",
                           .bus = 1,
                           .device = 2,
                           .mac = MacAddress(0x020000000001),
                           .vswitch = "blue",
                           .port = 511,
                           .endpoint = "/run/x"};
  status.active = true;
  status.vnic_active = {false, true};
  v1::Guest guest;
  to_proto(status, guest);
  EXPECT_EQ(guest.name(), "g");
  EXPECT_EQ(guest.number(), 4U);
  EXPECT_EQ(guest.state(), v1::Guest::STATE_ON);
  EXPECT_FALSE(guest.vnics(0).active());
  const v1::Vnic& vnic = guest.vnics(1);
  EXPECT_TRUE(vnic.active());
  EXPECT_EQ(vnic.adaptor(), "lan");
  EXPECT_EQ(vnic.bus(), 1U);
  EXPECT_EQ(vnic.device(), 2U);
  EXPECT_EQ(vnic.mac_address(), "02-00-00-00-00-01");
  EXPECT_EQ(vnic.vswitch(), "blue");
  EXPECT_EQ(vnic.port(), 511U);
  EXPECT_EQ(vnic.endpoint(), "/run/x");
}

TEST(Convert, AMacEntryKeepsItsVlan) {
  v1::MacAddressEntry entry;
  to_proto({.mac = MacAddress(0x020000000001), .vlan = 12, .port = 3, .age_seconds = 4}, entry);
  EXPECT_EQ(entry.mac_address(), "02-00-00-00-00-01");
  EXPECT_EQ(entry.vlan_id(), 12U);
  EXPECT_EQ(entry.port(), 3U);
  EXPECT_EQ(entry.age_seconds(), 4U);
}

}  // namespace
}  // namespace hpvmnet
