#include <gmock/gmock.h>

#include "unit/cli/fake_daemon.h"

namespace hpvmnet::cli {
namespace {

using testing::HasSubstr;
using testing::InSequence;

auto a_guest(const std::string& text) { return answer(message<v1::Guest>(text)); }

const char* const kOld = R"(name: 'g1' number: 3 state: STATE_OFF
  vnics { adaptor: 'lan' mac_address: '2a-87-14-5c-f9-ed' vswitch: 'sw' port: 4 }
  vnics { adaptor: 'avio_lan' device: 1 mac_address: '2a-87-14-5c-f9-ee' vswitch: 'sw' port: 5 }
  vnics { adaptor: 'lan' device: 2 mac_address: '2a-87-14-5c-f9-ef' vswitch: 'sw' port: 6 })";
const char* const kNew = R"(name: 'g1' number: 3 state: STATE_OFF warnings: 'at its next start'
  vnics { adaptor: 'avio_lan' mac_address: '2a-87-14-5c-f9-ed' vswitch: 'sw' port: 4 }
  vnics { adaptor: 'avio_lan' device: 1 mac_address: '2a-87-14-5c-f9-ee' vswitch: 'sw' port: 5 }
  vnics { adaptor: 'avio_lan' device: 2 mac_address: '2a-87-14-5c-f9-ef' vswitch: 'sw' port: 6 })";
const std::string kMigration =
    "name: 'g1' modify { adaptor: 'avio_lan' bus: 0 device: 0 } "
    "modify { adaptor: 'avio_lan' bus: 0 device: 2 } ";

TEST(Hpvmmodify, MigratesAllLanVnicsInOneCall) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.guests, GetGuest).WillOnce(a_guest(kOld));
  EXPECT_CALL(daemon.guests, ModifyGuest(_, Says(kMigration), _)).WillOnce(a_guest(kNew));
  const Outcome outcome = daemon.run("hpvmmodify", {"-P", "g1", "--migrate-to-avio"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err, "hpvmmodify: WARNING (g1): at its next start.\n");
}

TEST(Hpvmmodify, ADryRunPrintsWhatWouldChange) {
  for (const char* option : {"--dry-run", "-s"}) {
    FakeDaemon daemon;
    EXPECT_CALL(daemon.guests, GetGuest).WillOnce(a_guest(kOld));
    EXPECT_CALL(daemon.guests, ModifyGuest(_, Says(kMigration + "dry_run: true"), _))
        .WillOnce(a_guest(kNew));
    const Outcome outcome = daemon.run("hpvmmodify", {"-P", "g1", "--migrate-to-avio", option});
    EXPECT_EQ(outcome.status, 0);
    EXPECT_EQ(outcome.out,
              "- network:lan:0,0,0x2A87145CF9ED:vswitch:sw:portid:4\n"
              "- network:lan:0,2,0x2A87145CF9EF:vswitch:sw:portid:6\n"
              "+ network:avio_lan:0,0,0x2A87145CF9ED:vswitch:sw:portid:4\n"
              "+ network:avio_lan:0,2,0x2A87145CF9EF:vswitch:sw:portid:6\n");
  }
}

TEST(Hpvmmodify, DoesNotMigrateWhatConnects) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.guests, GetGuest)
      .WillOnce(a_guest("name: 'g1' vnics { adaptor: 'lan' vswitch: 'sw' endpoint: '/run/p' }"));
  const Outcome outcome = daemon.run("hpvmmodify", {"-P", "g1", "--migrate-to-avio"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, HasSubstr("connects to '/run/p', and an accelerated one cannot"));
  EXPECT_THAT(outcome.err, HasSubstr("-m network:lan:0,0:vswitch:sw:connect:none"));
}

TEST(Hpvmmodify, HasNothingToMigrate) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.guests, GetGuest).WillOnce(a_guest("name: 'g1'"));
  const Outcome outcome = daemon.run("hpvmmodify", {"-P", "g1", "--migrate-to-avio"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.err,
            "hpvmmodify: WARNING (g1): the guest has no lan vNIC: there is nothing to migrate.\n");
}

TEST(Hpvmmodify, MigrationStandsAlone) {
  const Outcome outcome = run_command("/no/such/directory", "hpvmmodify",
                                      {"-P", "g1", "--migrate-to-avio", "-d", "network:lan:0,0"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("give it without -a, -m and -d"));
}

TEST(Hpvmclone, ClonesAGuestWithChanges) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.guests,
              CloneGuest(_,
                         Says("source: 'g1' name: 'g2' remove { adaptor: 'lan' bus: 0 device: 2 } "
                              "modify { adaptor: 'lan' bus: 0 device: 0 vswitch: 'sw' port: 9 } "
                              "add { adaptor: 'lan' vswitch: 'sw' }"),
                         _))
      .WillOnce(a_guest("name: 'g2' warnings: 'a' warnings: 'b'"));
  const Outcome outcome = daemon.run(
      "hpvmclone", {"-P", "g1", "-N", "g2", "-d", "network:lan:0,2", "-m",
                    "network:lan:0,0:vswitch:sw:portid:9", "-a", "network:lan::vswitch:sw"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err, "hpvmclone: WARNING (g2): a.\nhpvmclone: WARNING (g2): b.\n");
}

TEST(Hpvmclone, NeedsANewName) {
  const Outcome outcome = run_command("/no/such/directory", "hpvmclone", {"-P", "g1"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.err,
            "hpvmclone: ERROR (g1): the new guest has no name; give it with -N NAME.\n"
            "hpvmclone: Unable to clone the guest.\n");
}

TEST(Hpvmclone, TellsWhatTheDaemonRefuses) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.guests, CloneGuest)
      .WillOnce(refuse(grpc::StatusCode::NOT_FOUND, "there is no guest 'g1'"));
  const Outcome outcome = daemon.run("hpvmclone", {"-P", "g1", "-N", "g2"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, HasSubstr("there is no guest 'g1'"));
}

TEST(Hpvmcreate, PassesOnWarnings) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.guests, CreateGuest)
      .WillOnce(a_guest("name: 'g1' warnings: \"vswitch 'sw' is down\""));
  EXPECT_EQ(daemon.run("hpvmcreate", {"-P", "g1"}).err,
            "hpvmcreate: WARNING (g1): vswitch 'sw' is down.\n");
}

TEST(Hpvmnet, ClonesAVswitch) {
  FakeDaemon daemon;
  const InSequence order;
  EXPECT_CALL(daemon.vswitches, GetVswitch)
      .WillOnce(answer(message<v1::Vswitch>("name: 'prod' backing { interface: 'eth1' }")));
  EXPECT_CALL(daemon.vswitches, CloneVswitch(_, Says("vswitch { name: 'prod' } name: 'test'"), _))
      .WillOnce(answer(message<v1::Vswitch>("name: 'test'")));
  const Outcome local = daemon.run("hpvmnet", {"-C", "-S", "prod", "-N", "test"});
  EXPECT_EQ(local.status, 0);
  EXPECT_EQ(local.err,
            "hpvmnet: WARNING (test): the vswitch is local: interface 'eth1' backs vswitch 'prod', "
            "and it can back one only; 'hpvmnet -C -S test -n INTERFACE' gives it another.\n");
  EXPECT_CALL(daemon.vswitches, GetVswitch).WillOnce(answer(v1::Vswitch()));
  EXPECT_CALL(daemon.vswitches,
              CloneVswitch(_,
                           Says("vswitch { number: 2 } name: 'test' backing { interface: 'eth2' } "
                                "force: true"),
                           _))
      .WillOnce(answer(v1::Vswitch()));
  const Outcome joined = daemon.run("hpvmnet", {"-FCs2", "-N", "test", "-n", "eth2"});
  EXPECT_EQ(joined.status, 0);
  EXPECT_EQ(joined.err, "");
}

TEST(Hpvmnet, WarnsWhereABootedVswitchHasNoWayOut) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.vswitches, BootVswitch)
      .WillOnce(answer(message<v1::Vswitch>(
          "name: 'prod' backing { interface: 'eth1' remark: 'there is no such interface' }")));
  const Outcome outcome = daemon.run("hpvmnet", {"-b", "-S", "prod"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(
      outcome.err,
      "hpvmnet: WARNING (prod): the vswitch is up, but its backing interface 'eth1' is not in "
      "use: there is no such interface; its guests reach each other only.\n");
}

const char* const kCounted = R"(name: 'prod' number: 2 state: STATE_UP
  ports { number: 1 counters { ingress_frames: 10 } cleared { ingress_frames: 4 } }
  ports { number: 2 counters { ingress_frames: 3 } })";

TEST(Hpvmnet, ShowsCountersAndClearsThem) {
  FakeDaemon daemon;
  const InSequence order;
  EXPECT_CALL(daemon.vswitches, ClearCounters(_, Says("vswitch { name: 'prod' }"), _))
      .WillOnce(answer(message<v1::Vswitch>(kCounted)));
  EXPECT_THAT(daemon.run("hpvmnet", {"-AZ", "-S", "prod"}).out,
              testing::AllOf(HasSubstr("\n1                              6 "),
                             HasSubstr("\n2                              3 ")));
  EXPECT_CALL(daemon.vswitches, ClearCounters(_, Says("vswitch { name: 'prod' } port: 1"), _))
      .WillOnce(answer(message<v1::Vswitch>(kCounted)));
  EXPECT_EQ(daemon.run("hpvmnet", {"-A", "-Z", "-M", "-S", "prod", "-p", "1"}).out,
            "counters:prod:1::6:0:0:0:0:0:0\n");
}

TEST(Hpvmnet, SpeaksToPrograms) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.vswitches, ListVswitches)
      .Times(3)
      .WillRepeatedly(
          answer(message<v1::ListVswitchesResponse>("vswitches { name: 'prod' number: 2 }")));
  EXPECT_CALL(daemon.vswitches, GetVswitch)
      .Times(4)
      .WillRepeatedly(answer(message<v1::Vswitch>(kCounted)));
  const auto out = [&](const std::vector<std::string>& arguments) {
    return daemon.run("hpvmnet", arguments).out;
  };
  const std::string row = "vswitch:prod:2:Up:Shared::N/A:N/A::::0:";
  EXPECT_THAT(out({"-M"}), testing::StartsWith("vswitch:prod:2:Down:Shared:"));
  EXPECT_THAT(out({"-X"}), HasSubstr("\n    <vswitch name=\"prod\" number=\"2\">\n"));
  EXPECT_THAT(out({"-M", "-V"}), HasSubstr("\nport:prod:1:Down::none:0:::none:1:split:no:::\n"));
  EXPECT_THAT(out({"-M", "-S", "prod"}), testing::StartsWith(row));
  EXPECT_EQ(out({"-M", "-S", "prod", "-p", "9"}),
            "port:prod:9:Down::none:0:::none:1:split:no:::\n");
  EXPECT_THAT(out({"-X", "-S", "prod", "-p", "all"}), HasSubstr("<port number=\"2\">"));
}

TEST(Hpvmnet, RefusesLettersThatDoNotGoTogether) {
  const auto refusal = [](const std::vector<std::string>& arguments) {
    const Outcome outcome = run_command("/no/such/directory", "hpvmnet", arguments);
    EXPECT_EQ(outcome.status, 2);
    return outcome.err;
  };
  EXPECT_THAT(refusal({"-M", "-X"}), HasSubstr("-M and -X are two forms"));
  EXPECT_THAT(refusal({"-M", "-b", "-S", "a"}), HasSubstr("-M only shows"));
  EXPECT_THAT(refusal({"-X", "-d", "-S", "a"}), HasSubstr("-X only shows"));
  EXPECT_THAT(refusal({"-Z", "-S", "a"}), HasSubstr("-Z clears what -A has shown"));
  EXPECT_THAT(refusal({"-c", "-S", "a", "-N", "b"}), HasSubstr("-N names a new vswitch"));
  EXPECT_THAT(refusal({"-C", "-S", "a"}), HasSubstr("-N NAME"));
  EXPECT_THAT(refusal({"-C", "-S", "a", "-N", ""}), HasSubstr("the name of the vswitch is empty"));
}

TEST(Hpvmstatus, SpeaksToPrograms) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.guests, ListGuests)
      .Times(2)
      .WillRepeatedly(answer(message<v1::ListGuestsResponse>("guests { name: 'g1' number: 3 }")));
  EXPECT_CALL(daemon.guests, GetGuest).Times(2).WillRepeatedly(a_guest(kOld));
  EXPECT_EQ(daemon.run("hpvmstatus", {"-M"}).out, "virtual_machine:g1:3:Off:0\n");
  EXPECT_THAT(daemon.run("hpvmstatus", {"-X"}).out, HasSubstr("<virtual_machine name=\"g1\""));
  EXPECT_THAT(daemon.run("hpvmstatus", {"-M", "-P", "g1"}).out,
              HasSubstr("network_interface:g1:0:2:0:lan:sw:6:2a-87-14-5c-f9-ef:no:\n"));
  EXPECT_THAT(daemon.run("hpvmstatus", {"-X", "-P", "g1"}).out, HasSubstr("<port>6</port>"));
}

TEST(Hpvmstatus, ShowsWhatIsReserved) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.guests, GetGuest).WillOnce(a_guest(kOld));
  EXPECT_CALL(daemon.vswitches, GetVswitch(_, Says("vswitch { name: 'sw' }"), _))
      .WillOnce(answer(message<v1::Vswitch>(
          "name: 'sw' ports { number: 4 state: STATE_RESERVED vlan_id: 20 reserved_by: 'g1' "
          "reserved_by: 'g9' queue_pairs: 2 }")));
  EXPECT_EQ(daemon.run("hpvmstatus", {"-P", "g1", "-r"}).out,
            R"([Virtual Machine Reservations]
Virtual Machine Name VM #  #VCPUs Memory  #Nets Vswitches
==================== ===== ====== ======= ===== ============
g1                       3    N/A     N/A     3 sw

[Reserved Ports]
Name/Num   PortNum Adaptor    State    VLANID Trunk Queues Also Reserved By
========== ======= ========== ======== ====== ===== ====== ================
sw         4       lan        Reserved 20     none       2 g9
sw         5       avio_lan   Down     none   none       1
sw         6       lan        Down     none   none       1
)");
}

TEST(Hpvmstatus, ShowsHowOtherHypervisorsAttachAGuest) {
  FakeDaemon daemon;
  const InSequence order;
  EXPECT_CALL(
      daemon.guests,
      DescribeAttachment(
          _, Says("name: 'g1' hypervisor: HYPERVISOR_LIBVIRT memory_mib: 512 emulated: true"), _))
      .WillOnce(answer(message<v1::DescribeAttachmentResponse>(
          "text: '<domain/>\\n' warnings: \"vswitch 'sw' is down\"")));
  const Outcome libvirt =
      daemon.run("hpvmstatus", {"-P", "g1", "--libvirt", "--tcg", "--memory", "512"});
  EXPECT_EQ(libvirt.out, "<domain/>\n");
  EXPECT_EQ(libvirt.err, "hpvmstatus: WARNING (g1): vswitch 'sw' is down.\n");
  EXPECT_CALL(daemon.guests,
              DescribeAttachment(_, Says("name: 'g1' hypervisor: HYPERVISOR_CLOUD_HYPERVISOR"), _))
      .WillOnce(answer(
          message<v1::DescribeAttachmentResponse>("arguments: '--net' arguments: 'socket=/a b'")));
  EXPECT_EQ(daemon.run("hpvmstatus", {"-P", "g1", "--cloud-hypervisor"}).out,
            "--net 'socket=/a b'\n");
}

}  // namespace
}  // namespace hpvmnet::cli
