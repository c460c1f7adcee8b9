#include <optional>
#include <vector>

#include "hpvmnet/v1/vswitch.grpc.pb.h"
#include "rpc/convert.h"
#include "unit/rpc/served.h"

namespace hpvmnet {
namespace {

using grpc::StatusCode;
using testing::_;
using testing::Eq;
using testing::HasSubstr;
using testing::InSequence;
using testing::Return;
using testing::Truly;

VswitchStatus blue() {
  VswitchStatus status;
  status.name = "blue";
  status.number = 2;
  return status;
}

class VswitchServiceTest : public ServedTest {
 protected:
  std::unique_ptr<v1::VswitchService::Stub> admin_ = administer<v1::VswitchService>();
  std::unique_ptr<v1::VswitchService::Stub> reader_ = look<v1::VswitchService>();
  Call call_;
  v1::Vswitch vswitch_;
};

TEST_F(VswitchServiceTest, ListIsForBothSockets) {
  EXPECT_CALL(commands_, vswitches()).Times(2).WillRepeatedly(Return(std::vector{blue()}));
  for (const auto* stub : {&admin_, &reader_}) {
    Call call;
    v1::ListVswitchesResponse all;
    const grpc::Status status = (*stub)->ListVswitches(&call, {}, &all);
    ASSERT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(all.vswitches(0).name(), "blue");
  }
}

TEST_F(VswitchServiceTest, AnErrorComesThroughWithCodeTextAndName) {
  EXPECT_CALL(commands_, vswitch(IsVswitchNumber(9U)))
      .WillOnce(Return(fail(ErrorCode::not_found, "vswitch 9 does not exist")));
  v1::GetVswitchRequest request;
  request.mutable_vswitch()->set_number(9);
  const grpc::Status status = reader_->GetVswitch(&call_, request, &vswitch_);
  EXPECT_EQ(status.error_code(), StatusCode::NOT_FOUND);
  EXPECT_EQ(status.error_message(), "vswitch 9 does not exist");
  EXPECT_EQ(call_.error_code(), "not_found");
}

TEST_F(VswitchServiceTest, ARequestThatNamesNoVswitchIsRefusedHere) {
  const grpc::Status status = reader_->GetVswitch(&call_, {}, &vswitch_);
  EXPECT_EQ(status.error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), HasSubstr("names no vswitch"));
  EXPECT_EQ(call_.error_code(), "invalid_argument");
}

TEST_F(VswitchServiceTest, CreateAnswersWithWhatWasMade) {
  const InSequence order;
  EXPECT_CALL(commands_, create_vswitch("blue", Eq(std::nullopt), false))
      .WillOnce(Return(Status()));
  EXPECT_CALL(commands_, vswitch(IsVswitch("blue"))).WillOnce(Return(blue()));
  v1::CreateVswitchRequest request;
  request.set_name("blue");
  ASSERT_TRUE(admin_->CreateVswitch(&call_, request, &vswitch_).ok());
  EXPECT_EQ(vswitch_.number(), 2U);
}

TEST_F(VswitchServiceTest, BootAndHaltAreTheTwoWaysOfOneCommand) {
  const InSequence order;
  EXPECT_CALL(commands_, set_vswitch_up(IsVswitch("blue"), true)).WillOnce(Return(Status()));
  EXPECT_CALL(commands_, vswitch(IsVswitch("blue"))).WillOnce(Return(blue()));
  EXPECT_CALL(commands_, set_vswitch_up(IsVswitch("blue"), false)).WillOnce(Return(Status()));
  EXPECT_CALL(commands_, vswitch(IsVswitch("blue"))).WillOnce(Return(blue()));
  v1::BootVswitchRequest boot;
  boot.mutable_vswitch()->set_name("blue");
  EXPECT_TRUE(admin_->BootVswitch(&call_, boot, &vswitch_).ok());
  v1::HaltVswitchRequest halt;
  halt.mutable_vswitch()->set_name("blue");
  Call second;
  EXPECT_TRUE(admin_->HaltVswitch(&second, halt, &vswitch_).ok());
}

TEST_F(VswitchServiceTest, DeleteReportsWhyNot) {
  EXPECT_CALL(commands_, delete_vswitch(IsVswitch("localnet")))
      .WillOnce(Return(fail(ErrorCode::failed_precondition, "localnet stays")));
  v1::DeleteVswitchRequest request;
  request.mutable_vswitch()->set_name("localnet");
  v1::DeleteVswitchResponse response;
  const grpc::Status status = admin_->DeleteVswitch(&call_, request, &response);
  EXPECT_EQ(status.error_code(), StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(status.error_message(), "localnet stays");
}

TEST_F(VswitchServiceTest, ABackingInterfaceIsHandedOverAndComesBack) {
  VswitchStatus after = blue();
  after.backing = {.backing = {.interface = "eth1", .mode = "packet", .vlan = 20},
                   .condition = {.mode = "packet",
                                 .remark = "the interface has no link",
                                 .mac = MacAddress(0x020000000001),
                                 .ipv4_address = "10.0.0.1"},
                   .counters = {},
                   .cleared = {}};
  after.backing->counters.egress_frames = 7;
  const auto is_backing = [](const std::optional<BackingRequest>& backing) {
    return backing && backing->interface == "eth1" && backing->mode == "packet" &&
           backing->vlan == 20U;
  };
  EXPECT_CALL(commands_, set_backing(IsVswitch("blue"), Truly(is_backing), true))
      .WillOnce(Return(Status()));
  EXPECT_CALL(commands_, vswitch(IsVswitch("blue"))).WillOnce(Return(after));
  v1::SetVswitchBackingRequest request;
  request.mutable_vswitch()->set_name("blue");
  request.mutable_backing()->set_interface("eth1");
  request.mutable_backing()->set_mode("packet");
  request.mutable_backing()->set_vlan_id(20);
  request.set_force(true);
  ASSERT_TRUE(admin_->SetVswitchBacking(&call_, request, &vswitch_).ok());
  const v1::Backing& backing = vswitch_.backing();
  EXPECT_EQ(backing.interface(), "eth1");
  EXPECT_EQ(backing.mode(), "packet");
  EXPECT_EQ(backing.vlan_id(), 20U);
  EXPECT_EQ(backing.mode_in_use(), "packet");
  EXPECT_EQ(backing.remark(), "the interface has no link");
  EXPECT_EQ(backing.mac_address(), "02-00-00-00-00-01");
  EXPECT_EQ(backing.ipv4_address(), "10.0.0.1");
  EXPECT_EQ(backing.counters().egress_frames(), 7U);
}

TEST_F(VswitchServiceTest, WithoutABackingInterfaceItIsTakenAway) {
  EXPECT_CALL(commands_, set_backing(IsVswitch("blue"), Eq(std::nullopt), false))
      .WillOnce(Return(Status()));
  EXPECT_CALL(commands_, vswitch(IsVswitch("blue"))).WillOnce(Return(blue()));
  v1::SetVswitchBackingRequest request;
  request.mutable_vswitch()->set_name("blue");
  ASSERT_TRUE(admin_->SetVswitchBacking(&call_, request, &vswitch_).ok());
  EXPECT_FALSE(vswitch_.has_backing());
}

TEST_F(VswitchServiceTest, SetPortTrunkAnswersWithThePort) {
  VswitchStatus after = blue();
  after.ports.resize(2);
  after.ports[1].number = 7;
  after.ports[1].trunk = "10,20-29";
  EXPECT_CALL(commands_, set_port_trunk(IsVswitch("blue"), 7U, "10,20-29"))
      .WillOnce(Return(Status()));
  EXPECT_CALL(commands_, vswitch(IsVswitch("blue"))).WillOnce(Return(after));
  v1::SetPortTrunkRequest request;
  request.mutable_vswitch()->set_name("blue");
  request.set_port(7);
  request.set_trunk("10,20-29");
  v1::Port port;
  ASSERT_TRUE(admin_->SetPortTrunk(&call_, request, &port).ok());
  EXPECT_EQ(port.number(), 7U);
  EXPECT_EQ(port.trunk(), "10,20-29");
}

TEST_F(VswitchServiceTest, SetPortVlanAnswersWithThePort) {
  VswitchStatus after = blue();
  after.ports.resize(2);
  after.ports[1].number = 7;
  after.ports[1].vlan = 12;
  EXPECT_CALL(commands_, set_port_vlan(IsVswitch("blue"), 7U, std::optional<std::uint32_t>(12)))
      .WillOnce(Return(Status()));
  EXPECT_CALL(commands_, vswitch(IsVswitch("blue"))).WillOnce(Return(after));
  v1::SetPortVlanRequest request;
  request.mutable_vswitch()->set_name("blue");
  request.set_port(7);
  request.set_vlan_id(12);
  v1::Port port;
  ASSERT_TRUE(admin_->SetPortVlan(&call_, request, &port).ok());
  EXPECT_EQ(port.number(), 7U);
  EXPECT_EQ(port.vlan_id(), 12U);
}

TEST_F(VswitchServiceTest, SetPortQueuePairsAnswersWithThePort) {
  VswitchStatus after = blue();
  after.ports.resize(2);
  after.ports[1].number = 7;
  after.ports[1].queue_pairs = 4;
  after.ports[1].workers = {0, 1};
  EXPECT_CALL(commands_, set_port_queue_pairs(IsVswitch("blue"), 7U, 4U))
      .WillOnce(Return(Status()));
  EXPECT_CALL(commands_, vswitch(IsVswitch("blue"))).WillOnce(Return(after));
  v1::SetPortQueuePairsRequest request;
  request.mutable_vswitch()->set_name("blue");
  request.set_port(7);
  request.set_queue_pairs(4);
  v1::Port port;
  ASSERT_TRUE(admin_->SetPortQueuePairs(&call_, request, &port).ok());
  EXPECT_EQ(port.number(), 7U);
  EXPECT_EQ(port.queue_pairs(), 4U);
  ASSERT_EQ(port.workers_size(), 2);
  EXPECT_EQ(port.workers(1), 1U);
}

TEST_F(VswitchServiceTest, SetPortRingsAnswersWithThePort) {
  VswitchStatus after = blue();
  after.ports.resize(2);
  after.ports[1].number = 7;
  after.ports[1].packed_rings = true;
  EXPECT_CALL(commands_, set_port_rings(IsVswitch("blue"), 7U, true)).WillOnce(Return(Status()));
  EXPECT_CALL(commands_, vswitch(IsVswitch("blue"))).WillOnce(Return(after));
  v1::SetPortRingsRequest request;
  request.mutable_vswitch()->set_name("blue");
  request.set_port(7);
  request.set_rings(v1::Port::RINGS_PACKED);
  v1::Port port;
  ASSERT_TRUE(admin_->SetPortRings(&call_, request, &port).ok());
  EXPECT_EQ(port.number(), 7U);
  EXPECT_EQ(port.rings(), v1::Port::RINGS_PACKED);
}

TEST_F(VswitchServiceTest, SetVswitchFiltersAnswersWithTheVswitch) {
  const std::vector<FilterSettings> filters{{"a", ""}, {"b", "x,y"}};
  VswitchStatus after = blue();
  after.filters = {{filters[0], ""}, {filters[1], "its plugin is ill"}};
  EXPECT_CALL(commands_, set_filters(IsVswitch("blue"), filters)).WillOnce(Return(Status()));
  EXPECT_CALL(commands_, vswitch(IsVswitch("blue"))).WillOnce(Return(after));
  v1::SetVswitchFiltersRequest request;
  request.mutable_vswitch()->set_name("blue");
  request.add_filters()->set_name("a");
  v1::Filter& second = *request.add_filters();
  second.set_name("b");
  second.set_arguments("x,y");
  ASSERT_TRUE(admin_->SetVswitchFilters(&call_, request, &vswitch_).ok());
  ASSERT_EQ(vswitch_.filters_size(), 2);
  EXPECT_EQ(vswitch_.filters(1).name(), "b");
  EXPECT_EQ(vswitch_.filters(1).arguments(), "x,y");
  EXPECT_EQ(vswitch_.filters(1).remark(), "its plugin is ill");
}

TEST_F(VswitchServiceTest, SetVswitchMirrorAnswersWithTheVswitch) {
  const MirrorSettings mirror{.port = 7,
                              .sources = {1, kUplinkPort},
                              .ingress = false,
                              .egress = true,
                              .filter = {"ip", {{21, 1, 2, 2048}, {6, 0, 0, 1}}}};
  VswitchStatus after = blue();
  after.mirror = mirror;
  EXPECT_CALL(commands_, set_mirror(IsVswitch("blue"), std::optional(mirror)))
      .WillOnce(Return(Status()));
  EXPECT_CALL(commands_, vswitch(IsVswitch("blue"))).WillOnce(Return(after));
  v1::SetVswitchMirrorRequest request;
  request.mutable_vswitch()->set_name("blue");
  to_proto(mirror, *request.mutable_mirror());
  ASSERT_TRUE(admin_->SetVswitchMirror(&call_, request, &vswitch_).ok());
  EXPECT_EQ(vswitch_.mirror().SerializeAsString(), request.mirror().SerializeAsString());
}

TEST_F(VswitchServiceTest, SetVswitchMirrorWithoutOneEndsIt) {
  EXPECT_CALL(commands_, set_mirror(IsVswitch("blue"), std::optional<MirrorSettings>()))
      .WillOnce(Return(Status()));
  EXPECT_CALL(commands_, vswitch(IsVswitch("blue"))).WillOnce(Return(blue()));
  v1::SetVswitchMirrorRequest request;
  request.mutable_vswitch()->set_name("blue");
  ASSERT_TRUE(admin_->SetVswitchMirror(&call_, request, &vswitch_).ok());
  EXPECT_FALSE(vswitch_.has_mirror());
}

TEST_F(VswitchServiceTest, SetVswitchMulticastAnswersWithTheVswitch) {
  VswitchStatus after = blue();
  after.multicast = MulticastPolicy::strict;
  after.multicast_groups = {{"239.1.1.1", {}, {1, 3}}, {"ff0e::1:2", VlanId{20}, {2}}};
  EXPECT_CALL(commands_, set_multicast_policy(IsVswitch("blue"), MulticastPolicy::strict))
      .WillOnce(Return(Status()));
  EXPECT_CALL(commands_, vswitch(IsVswitch("blue"))).WillOnce(Return(after));
  v1::SetVswitchMulticastRequest request;
  request.mutable_vswitch()->set_name("blue");
  request.set_multicast(v1::Vswitch::MULTICAST_STRICT);
  ASSERT_TRUE(admin_->SetVswitchMulticast(&call_, request, &vswitch_).ok());
  EXPECT_EQ(vswitch_.multicast(), v1::Vswitch::MULTICAST_STRICT);
  ASSERT_EQ(vswitch_.multicast_groups_size(), 2);
  EXPECT_EQ(vswitch_.multicast_groups(0).address(), "239.1.1.1");
  EXPECT_FALSE(vswitch_.multicast_groups(0).has_vlan_id());
  EXPECT_THAT(vswitch_.multicast_groups(0).ports(), testing::ElementsAre(1, 3));
  EXPECT_EQ(vswitch_.multicast_groups(1).vlan_id(), 20U);
}

TEST_F(VswitchServiceTest, SetVswitchMulticastRefusesWhatItDoesNotKnow) {
  v1::SetVswitchMulticastRequest request;
  request.mutable_vswitch()->set_name("blue");
  const auto status = admin_->SetVswitchMulticast(&call_, request, &vswitch_);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), HasSubstr("snoop"));
}

TEST_F(VswitchServiceTest, APortThatHasNothingLeftIsStillAnswered) {
  EXPECT_CALL(commands_, set_port_vlan(_, 7U, std::optional<std::uint32_t>()))
      .WillOnce(Return(Status()));
  EXPECT_CALL(commands_, vswitch(_)).WillOnce(Return(blue()));
  v1::SetPortVlanRequest request;
  request.mutable_vswitch()->set_name("blue");
  request.set_port(7);
  v1::Port port;
  ASSERT_TRUE(admin_->SetPortVlan(&call_, request, &port).ok());
  EXPECT_EQ(port.number(), 7U);
  EXPECT_EQ(port.state(), v1::Port::STATE_DOWN);
  EXPECT_FALSE(port.has_vlan_id());
}

TEST_F(VswitchServiceTest, CloneAnswersWithTheNewOne) {
  const InSequence order;
  EXPECT_CALL(commands_, clone_vswitch(IsVswitch("blue"), "red", Eq(std::nullopt), true))
      .WillOnce(Return(Status()));
  VswitchStatus red;
  red.name = "red";
  EXPECT_CALL(commands_, vswitch(IsVswitch("red"))).WillOnce(Return(red));
  v1::CloneVswitchRequest request;
  request.mutable_vswitch()->set_name("blue");
  request.set_name("red");
  request.set_force(true);
  ASSERT_TRUE(admin_->CloneVswitch(&call_, request, &vswitch_).ok());
  EXPECT_EQ(vswitch_.name(), "red");
}

TEST_F(VswitchServiceTest, ClearAnswersWithWhatTheCountersWere) {
  VswitchStatus blue;
  blue.name = "blue";
  blue.ports.resize(1);
  blue.ports[0].counters.ingress_frames = 7;
  blue.ports[0].cleared.emplace().ingress_frames = 3;
  EXPECT_CALL(commands_, clear_counters(IsVswitch("blue"), std::optional<std::uint32_t>(5)))
      .WillOnce(Return(blue));
  v1::ClearCountersRequest request;
  request.mutable_vswitch()->set_name("blue");
  request.set_port(5);
  ASSERT_TRUE(admin_->ClearCounters(&call_, request, &vswitch_).ok());
  EXPECT_EQ(vswitch_.ports(0).counters().ingress_frames(), 7U);
  EXPECT_EQ(vswitch_.ports(0).cleared().ingress_frames(), 3U);
}

TEST_F(VswitchServiceTest, MacAddressesAreStreamed) {
  std::vector<MacEntry> table(3000);
  for (std::size_t i = 0; i < table.size(); ++i) table[i].port = static_cast<PortNumber>(i);
  EXPECT_CALL(commands_, mac_table(IsVswitch("blue"))).WillOnce(Return(table));
  v1::ListMacAddressesRequest request;
  request.mutable_vswitch()->set_name("blue");
  const auto stream = reader_->ListMacAddresses(&call_, request);
  v1::MacAddressEntry entry;
  std::uint32_t seen = 0;
  while (stream->Read(&entry)) EXPECT_EQ(entry.port(), seen++);
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(seen, 3000U);
}

TEST_F(VswitchServiceTest, MacAddressesOfNoVswitchAreAnError) {
  EXPECT_CALL(commands_, mac_table(_)).WillOnce(Return(fail(ErrorCode::not_found, "none")));
  v1::ListMacAddressesRequest request;
  request.mutable_vswitch()->set_name("blue");
  const auto stream = reader_->ListMacAddresses(&call_, request);
  v1::MacAddressEntry entry;
  EXPECT_FALSE(stream->Read(&entry));
  EXPECT_EQ(stream->Finish().error_code(), StatusCode::NOT_FOUND);
}

// The strict mock fails the test if any of these reaches a command.
TEST_F(VswitchServiceTest, EveryChangeIsRefusedToReaders) {
  const auto expect_denied = [](const grpc::Status& status, const Call& call) {
    EXPECT_EQ(status.error_code(), StatusCode::PERMISSION_DENIED);
    EXPECT_THAT(status.error_message(), HasSubstr("control.sock"));
    EXPECT_EQ(call.error_code(), "permission_denied");
  };
  Call calls[13];
  expect_denied(reader_->CreateVswitch(&calls[0], {}, &vswitch_), calls[0]);
  expect_denied(reader_->BootVswitch(&calls[1], {}, &vswitch_), calls[1]);
  expect_denied(reader_->HaltVswitch(&calls[2], {}, &vswitch_), calls[2]);
  v1::DeleteVswitchResponse deleted;
  expect_denied(reader_->DeleteVswitch(&calls[3], {}, &deleted), calls[3]);
  v1::Port port;
  expect_denied(reader_->SetPortVlan(&calls[4], {}, &port), calls[4]);
  expect_denied(reader_->SetPortQueuePairs(&calls[5], {}, &port), calls[5]);
  expect_denied(reader_->SetPortRings(&calls[6], {}, &port), calls[6]);
  expect_denied(reader_->SetPortTrunk(&calls[7], {}, &port), calls[7]);
  expect_denied(reader_->SetVswitchBacking(&calls[8], {}, &vswitch_), calls[8]);
  expect_denied(reader_->ResetVswitch(&calls[9], {}, &vswitch_), calls[9]);
  expect_denied(reader_->SetVswitchMulticast(&calls[10], {}, &vswitch_), calls[10]);
  expect_denied(reader_->CloneVswitch(&calls[11], {}, &vswitch_), calls[11]);
  expect_denied(reader_->ClearCounters(&calls[12], {}, &vswitch_), calls[12]);
}

}  // namespace
}  // namespace hpvmnet
