#include <fmt/format.h>
#include <gmock/gmock.h>

#include "unit/cli/fake_daemon.h"

namespace hpvmnet::cli {
namespace {

using testing::InSequence;

const char* const kClan = R"(name: 'clan1' number: 2 state: STATE_UP
  ports { number: 1 state: STATE_ACTIVE adaptor: 'lan' reserved_by: 'oradev01'
          active_guest: 'oradev01' counters { ingress_frames: 7 } })";

auto clan() { return answer(message<v1::Vswitch>(kClan)); }

const char* const kRow = R"(Name     Number State   Mode      NamePPA  MAC Address    IP Address
======== ====== ======= ========= ======== ============== ===============
clan1         2 Up      Shared             N/A            N/A
)";

void expect_silent_success(const Outcome& outcome) {
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err, "");
}

TEST(Hpvmnet, ListsVswitches) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.vswitches, ListVswitches)
      .WillOnce(answer(message<v1::ListVswitchesResponse>(
          "vswitches { name: 'clan1' number: 2 state: STATE_UP }")));
  const Outcome outcome = daemon.run("hpvmnet", {});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(outcome.out, kRow);
}

TEST(Hpvmnet, ShowsAVswitchByNameOrNumber) {
  FakeDaemon daemon;
  const std::string expected = std::string(kRow) + R"(
[Port Configuration Details]
Port    Port         Port     Untagged Number of    Active VM
Number  State        Adaptor  VLANID   Reserved VMs
======= ============ ======== ======== ============ ============
1       Active       lan      none     1            oradev01
)";
  EXPECT_CALL(daemon.vswitches, GetVswitch(_, Says("vswitch { name: 'clan1' }"), _))
      .WillOnce(clan());
  EXPECT_EQ(daemon.run("hpvmnet", {"-S", "clan1"}).out, expected);
  EXPECT_CALL(daemon.vswitches, GetVswitch(_, Says("vswitch { number: 2 }"), _)).WillOnce(clan());
  EXPECT_EQ(daemon.run("hpvmnet", {"-s2"}).out, expected);
}

TEST(Hpvmnet, ShowsPortsThatNobodyHasReserved) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.vswitches, GetVswitch).WillOnce(clan());
  EXPECT_EQ(daemon.run("hpvmnet", {"-S", "clan1", "-p", "0"}).out,
            R"(Vswitch Name        : clan1
Max Number of Ports : 512
Port Number         : 0
Port State          : Down
Port Adaptor        :
Active VM           :
Untagged VlanId     : none
Trunk VLANs         : none
Reserved VMs        :
Socket              :
Endpoint            :
Queue Pairs         : 1
Rings               : split
Workers             :
)");
}

TEST(Hpvmnet, ShowsAllPorts) {
  FakeDaemon daemon;
  auto vswitch = message<v1::Vswitch>(kClan);
  vswitch.add_ports()->set_number(9);
  EXPECT_CALL(daemon.vswitches, GetVswitch).WillOnce(answer(vswitch));
  const Outcome outcome = daemon.run("hpvmnet", {"-S", "clan1", "-p", "all"});
  EXPECT_THAT(outcome.out, testing::HasSubstr("Port Number         : 1\n"));
  EXPECT_THAT(outcome.out, testing::HasSubstr("\n\nVswitch Name        : clan1\n"));
  EXPECT_THAT(outcome.out, testing::HasSubstr("Port Number         : 9\n"));
}

TEST(Hpvmnet, ShowsCounters) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.vswitches, GetVswitch).WillOnce(clan());
  EXPECT_EQ(daemon.run("hpvmnet", {"-S", "clan1", "-A"}).out, std::string(kRow) + R"(
[Port Statistics]
Port    Active VM        Ingress       Ingress      Egress        Egress Dropped
Number                    Frames         Bytes      Frames         Bytes  Frames
======= ============ =========== ============= =========== ============= =======
1       oradev01               7             0           0             0       0
)");
}

TEST(Hpvmnet, VerboselyShowsEachVswitchWithItsPorts) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.vswitches, ListVswitches)
      .WillOnce(answer(message<v1::ListVswitchesResponse>(
          "vswitches { name: 'clan1' } vswitches { name: 'clan2' }")));
  EXPECT_CALL(daemon.vswitches, GetVswitch(_, Says("vswitch { name: 'clan1' }"), _))
      .WillOnce(clan());
  EXPECT_CALL(daemon.vswitches, GetVswitch(_, Says("vswitch { name: 'clan2' }"), _))
      .WillOnce(answer(message<v1::Vswitch>("name: 'clan2'")));
  const std::string out = daemon.run("hpvmnet", {"-V"}).out;
  EXPECT_THAT(out, testing::StartsWith("Vswitch Name         : clan1\n"));
  EXPECT_THAT(out, testing::HasSubstr("\n\nVswitch Name        : clan1\nMax Number of Ports : "));
  EXPECT_THAT(out, testing::HasSubstr("\n\nVswitch Name         : clan2\n"));
}

TEST(Hpvmnet, Creates) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.vswitches, CreateVswitch(_, Says("name: 'clan1'"), _)).WillOnce(clan());
  expect_silent_success(daemon.run("hpvmnet", {"-c", "-S", "clan1"}));
}

TEST(Hpvmnet, Boots) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.vswitches, BootVswitch(_, Says("vswitch { number: 2 }"), _)).WillOnce(clan());
  expect_silent_success(daemon.run("hpvmnet", {"-b", "-s", "2"}));
}

TEST(Hpvmnet, SetsQueuePairs) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.vswitches,
              SetPortQueuePairs(_, Says("vswitch { name: 'clan1' } port: 3 queue_pairs: 4"), _))
      .WillOnce(answer(v1::Port()));
  expect_silent_success(daemon.run("hpvmnet", {"-S", "clan1", "-u", "portid:3:queues:4"}));
}

TEST(Hpvmnet, SetsWhatBecomesOfMulticast) {
  FakeDaemon daemon;
  const InSequence order;
  for (const char* policy : {"FLOOD", "SNOOP", "STRICT"}) {
    EXPECT_CALL(
        daemon.vswitches,
        SetVswitchMulticast(
            _, Says(fmt::format("vswitch {{ name: 'prod' }} multicast: MULTICAST_{}", policy)), _))
        .WillOnce(answer(v1::Vswitch()));
  }
  for (const char* word : {"flood", "snoop", "strict"}) {
    expect_silent_success(
        daemon.run("hpvmnet", {"-S", "prod", "-u", fmt::format("multicast:{}", word)}));
  }
}

TEST(Hpvmnet, SetsAndClearsFilters) {
  FakeDaemon daemon;
  const InSequence order;
  EXPECT_CALL(daemon.vswitches,
              SetVswitchFilters(_,
                                Says("vswitch { name: 'prod' } filters { name: 'a' } "
                                     "filters { name: 'b' arguments: '02-00-00-00-00-01,x' }"),
                                _))
      .WillOnce(answer(v1::Vswitch()));
  EXPECT_CALL(daemon.vswitches, SetVswitchFilters(_, Says("vswitch { name: 'prod' }"), _))
      .WillOnce(answer(v1::Vswitch()));
  expect_silent_success(
      daemon.run("hpvmnet", {"-S", "prod", "-u", "filters:a,b(02-00-00-00-00-01,x)"}));
  expect_silent_success(daemon.run("hpvmnet", {"-S", "prod", "-u", "filters:none"}));
}

TEST(Hpvmnet, SetsRings) {
  FakeDaemon daemon;
  const InSequence order;
  EXPECT_CALL(daemon.vswitches,
              SetPortRings(_, Says("vswitch { name: 'clan1' } port: 3 rings: RINGS_PACKED"), _))
      .WillOnce(answer(v1::Port()));
  EXPECT_CALL(daemon.vswitches,
              SetPortRings(_, Says("vswitch { number: 2 } port: 3 rings: RINGS_SPLIT"), _))
      .WillOnce(answer(v1::Port()));
  expect_silent_success(daemon.run("hpvmnet", {"-S", "clan1", "-u", "portid:3:rings:packed"}));
  expect_silent_success(daemon.run("hpvmnet", {"-s", "2", "-u", "portid:3:rings:split"}));
}

TEST(Hpvmnet, GivesVswitchesABackingInterface) {
  FakeDaemon daemon;
  const InSequence order;
  EXPECT_CALL(daemon.vswitches,
              CreateVswitch(_, Says("name: 'prod' backing { interface: 'eth1' }"), _))
      .WillOnce(answer(v1::Vswitch()));
  EXPECT_CALL(daemon.vswitches,
              SetVswitchBacking(_,
                                Says("vswitch { name: 'prod' } backing { interface: 'eth2' mode: "
                                     "'packet' vlan_id: 20 } force: true"),
                                _))
      .WillOnce(answer(v1::Vswitch()));
  EXPECT_CALL(daemon.vswitches, SetVswitchBacking(_, Says("vswitch { name: 'prod' }"), _))
      .WillOnce(answer(v1::Vswitch()));
  EXPECT_CALL(daemon.vswitches, ResetVswitch(_, Says("vswitch { name: 'prod' }"), _))
      .WillOnce(answer(v1::Vswitch()));
  expect_silent_success(daemon.run("hpvmnet", {"-c", "-S", "prod", "-n", "eth1"}));
  expect_silent_success(
      daemon.run("hpvmnet", {"-FCS", "prod", "-n", "eth2:mode:packet:vlanid:20"}));
  expect_silent_success(daemon.run("hpvmnet", {"-C", "-S", "prod", "-n", "none"}));
  expect_silent_success(daemon.run("hpvmnet", {"-r", "-S", "prod"}));
}

TEST(Hpvmnet, DoesNotTakeTheInterfaceThatTheUserComesBy) {
  FakeDaemon daemon;
  ::setenv("SSH_CONNECTION", "192.0.2.7 50000 127.0.0.1 22", 1);
  const Outcome outcome = daemon.run("hpvmnet", {"-c", "-S", "prod", "-n", "lo"});
  ::unsetenv("SSH_CONNECTION");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(
      outcome.err,
      "hpvmnet: ERROR: interface 'lo' carries your own connection (from 192.0.2.7): a "
      "mistake would lock you out; choose another, or use it all the same with -F or --force.\n"
      "hpvmnet: Unable to create the vswitch.\n");
}

TEST(Hpvmnet, SetsAndClearsVlans) {
  FakeDaemon daemon;
  const InSequence order;
  EXPECT_CALL(daemon.vswitches,
              SetPortVlan(_, Says("vswitch { name: 'clan1' } port: 3 vlan_id: 0"), _))
      .WillOnce(answer(v1::Port()));
  EXPECT_CALL(daemon.vswitches,
              SetPortTrunk(_, Says("vswitch { name: 'clan1' } port: 3 trunk: '10,20-29'"), _))
      .WillOnce(answer(v1::Port()));
  EXPECT_CALL(daemon.vswitches, SetPortVlan(_, Says("vswitch { name: 'clan1' } port: 3"), _))
      .WillOnce(answer(v1::Port()));
  expect_silent_success(daemon.run("hpvmnet", {"-S", "clan1", "-u", "portid:3:vlanid:0"}));
  expect_silent_success(daemon.run("hpvmnet", {"-u", "portid:3:trunk:10,20-29", "-Sclan1"}));
  expect_silent_success(daemon.run("hpvmnet", {"-u", "portid:3:vlanid:none", "-Sclan1"}));
}

TEST(Hpvmnet, AsksBeforeItHalts) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.vswitches, GetVswitch).WillOnce(clan());
  EXPECT_CALL(daemon.vswitches, HaltVswitch(_, Says("vswitch { number: 2 }"), _)).WillOnce(clan());
  const Outcome outcome = daemon.run("hpvmnet", {"-h", "-s", "2"}, "y\n");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.err, "hpvmnet: Halt the vswitch 'clan1'? [n]: y\n");
}

TEST(Hpvmnet, AsksBeforeItDeletes) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.vswitches, GetVswitch).WillOnce(clan());
  EXPECT_CALL(daemon.vswitches, DeleteVswitch(_, Says("vswitch { name: 'clan1' }"), _))
      .WillOnce(answer(v1::DeleteVswitchResponse()));
  const Outcome outcome = daemon.run("hpvmnet", {"-dS", "clan1"}, "yes\n");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.err, "hpvmnet: Delete the vswitch 'clan1'? [n]: yes\n");
}

TEST(Hpvmnet, TakesAnythingElseForANo) {
  for (const char* input : {"", "\n", "n\n", "maybe\n"}) {
    FakeDaemon daemon;  // a change would fail the test
    EXPECT_CALL(daemon.vswitches, GetVswitch).WillOnce(clan());
    const Outcome outcome = daemon.run("hpvmnet", {"-h", "-S", "clan1"}, input);
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.err, testing::EndsWith("\nhpvmnet: Nothing was changed.\n"));
  }
}

TEST(Hpvmnet, AsksNoQuestionWhereItIsToldSo) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.vswitches, HaltVswitch).Times(3).WillRepeatedly(clan());
  expect_silent_success(daemon.run("hpvmnet", {"-h", "-S", "clan1", "-Q"}));
  expect_silent_success(daemon.run("hpvmnet", {"-FhS", "clan1"}));
  expect_silent_success(daemon.run("hpvmnet", {"-Q", "-F", "-h", "-S", "clan1"}));
}

TEST(Hpvmnet, DoesNotAskAboutAVswitchThatIsNotThere) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.vswitches, GetVswitch)
      .WillOnce(refuse(grpc::StatusCode::NOT_FOUND, "there is no vswitch 'x'"));
  const Outcome outcome = daemon.run("hpvmnet", {"-d", "-S", "x"}, "y\n");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.err,
            "hpvmnet: ERROR: there is no vswitch 'x'.\n"
            "hpvmnet: Unable to delete the vswitch.\n");
}

TEST(Hpvmnet, TellsWhatTheDaemonRefuses) {
  FakeDaemon daemon;
  const auto refused = refuse(grpc::StatusCode::FAILED_PRECONDITION, "no way");
  EXPECT_CALL(daemon.vswitches, GetVswitch).WillOnce(refused);
  EXPECT_CALL(daemon.vswitches, CreateVswitch).WillOnce(refused);
  EXPECT_CALL(daemon.vswitches, BootVswitch).WillOnce(refused);
  EXPECT_CALL(daemon.vswitches, HaltVswitch).WillOnce(refused);
  EXPECT_CALL(daemon.vswitches, SetPortVlan).WillOnce(refused);
  const auto told = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"-S", "a"});
    const Outcome outcome = daemon.run("hpvmnet", arguments);
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(outcome.out, "");
    return outcome.err;
  };
  const std::string error = "hpvmnet: ERROR: no way.\n";
  EXPECT_EQ(told({}), error);
  EXPECT_EQ(told({"-c"}), error + "hpvmnet: Unable to create the vswitch.\n");
  EXPECT_EQ(told({"-b"}), error + "hpvmnet: Unable to boot the vswitch.\n");
  EXPECT_EQ(told({"-h", "-Q"}), error + "hpvmnet: Unable to halt the vswitch.\n");
  EXPECT_EQ(told({"-u", "portid:1:vlanid:1"}), error + "hpvmnet: Unable to change the port.\n");
}

}  // namespace
}  // namespace hpvmnet::cli
