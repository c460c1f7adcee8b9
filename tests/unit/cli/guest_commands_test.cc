#include <gmock/gmock.h>

#include "unit/cli/fake_daemon.h"

namespace hpvmnet::cli {
namespace {

using testing::HasSubstr;
using testing::InSequence;

const char* const kGuest = R"(name: 'g1' number: 3 state: STATE_ON
  vnics { adaptor: 'lan' mac_address: '2a-87-14-5c-f9-ed' vswitch: 'localnet' port: 4 })";

auto guest() { return answer(message<v1::Guest>(kGuest)); }

auto guest_list() {
  v1::ListGuestsResponse response;
  response.add_guests()->set_name("other");
  *response.add_guests() = message<v1::Guest>(kGuest);
  return answer(response);
}

TEST(Hpvmcreate, MakesAGuestWithItsVnics) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.guests,
              CreateGuest(_,
                          Says("name: 'g1' "
                               "vnics { adaptor: 'avio_lan' vswitch: 'clan1' } "
                               "vnics { adaptor: 'lan' bus: 0 device: 1 vswitch: 'a' port: 4 }"),
                          _))
      .WillOnce(guest());
  const Outcome outcome =
      daemon.run("hpvmcreate", {"-P", "g1", "-a", "network:aviolan::vswitch:clan1", "-a",
                                "network:lan:0,1:vswitch:a:portid:4"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.out + outcome.err, "");
}

TEST(Hpvmcreate, MakesAGuestWithoutVnics) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.guests, CreateGuest(_, Says("name: 'g1'"), _)).WillOnce(guest());
  EXPECT_EQ(daemon.run("hpvmcreate", {"-P", "g1"}).status, 0);
}

TEST(Hpvmcreate, RefusesWhatCanNotBeRead) {
  EXPECT_EQ(refusal("hpvmcreate", {}),
            "hpvmcreate: ERROR: the new guest has no name; give it with -P NAME.\n"
            "hpvmcreate: Unable to create the guest.\n");
  EXPECT_EQ(refusal("hpvmcreate", {"-P", "g1", "-a", "network:lan:0,0:localnet"}),
            "hpvmcreate: ERROR (g1): network:lan:0,0:localnet: column 17: expected 'vswitch', not "
            "'localnet'.\n"
            "hpvmcreate: Unable to create the guest.\n");
  EXPECT_THAT(refusal("hpvmcreate", {"-P", "g1", "network:lan::vswitch:a"}),
              HasSubstr("there is no argument 'network:lan::vswitch:a'"));
}

TEST(Hpvmcreate, TellsWhatTheDaemonRefuses) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.guests, CreateGuest)
      .WillOnce(refuse(grpc::StatusCode::ALREADY_EXISTS, "guest 'g1' exists already"));
  const Outcome outcome = daemon.run("hpvmcreate", {"-P", "g1"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.err,
            "hpvmcreate: ERROR (g1): guest 'g1' exists already.\n"
            "hpvmcreate: Unable to create the guest.\n");
}

TEST(Hpvmmodify, MakesAllChangesInOneCall) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.guests,
              ModifyGuest(_,
                          Says("name: 'g1' "
                               "remove { adaptor: 'lan' bus: 0 device: 1 } "
                               "remove { adaptor: 'lan' mac_address: 'aa-bb-cc-00-11-22' } "
                               "modify { adaptor: 'avio_lan' bus: 0 device: 2 vswitch: 'vlan2' "
                               "port: 4 } "
                               "add { adaptor: 'lan' vswitch: 'a' }"),
                          _))
      .WillOnce(guest());
  const Outcome outcome =
      daemon.run("hpvmmodify", {"-P", "g1", "-a", "network:lan:vswitch:a", "-d", "network:lan:0,1",
                                "-m", "network:avio_lan:0,2:vswitch:vlan2:portid:4", "-d",
                                "network:lan:,,0xaabbcc001122"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out + outcome.err, "");
}

TEST(Hpvmmodify, ForcesWhereItIsToldSo) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.guests,
              ModifyGuest(_, Says("name: 'g1' remove { adaptor: 'lan' bus: 0 } force: true"), _))
      .WillOnce(guest());
  EXPECT_EQ(daemon.run("hpvmmodify", {"-F", "-P", "g1", "-d", "network:lan:0"}).status, 0);
}

TEST(Hpvmmodify, FindsGuestsByNumber) {
  FakeDaemon daemon;
  const InSequence order;
  EXPECT_CALL(daemon.guests, ListGuests).WillOnce(guest_list());
  EXPECT_CALL(daemon.guests, ModifyGuest(_, Says("name: 'g1' remove { adaptor: 'lan' }"), _))
      .WillOnce(guest());
  EXPECT_EQ(daemon.run("hpvmmodify", {"-p", "3", "-d", "network:lan"}).status, 0);
}

TEST(Hpvmmodify, RefusesWhatCanNotBeRead) {
  const std::string unable = "hpvmmodify: Unable to modify the guest.\n";
  EXPECT_EQ(refusal("hpvmmodify", {"-P", "g1"}),
            "hpvmmodify: ERROR (g1): what is to change? Add a vNIC with -a, modify one with -m, or "
            "delete one with -d.\n" +
                unable);
  EXPECT_EQ(refusal("hpvmmodify", {"-a", "network:lan::vswitch:a"}),
            "hpvmmodify: ERROR: which guest is meant? -P NAME or -p NUMBER; 'hpvmstatus' lists "
            "them.\n" +
                unable);
  EXPECT_EQ(refusal("hpvmmodify", {"-P", "g1", "-p", "3"}),
            "hpvmmodify: ERROR (g1): -P and -p both name a guest; give one of them.\n" + unable);
  EXPECT_EQ(refusal("hpvmmodify", {"-p", "g1"}),
            "hpvmmodify: ERROR (g1): -p 'g1' is not the number of a guest; 'hpvmstatus' lists "
            "them.\n" +
                unable);
  for (const char* option : {"-a", "-m", "-d"}) {
    EXPECT_EQ(refusal("hpvmmodify", {"-P", "g1", option, "network:lan:0,8"}),
              "hpvmmodify: ERROR (g1): network:lan:0,8: column 15: '8' is not a device; 0 to 7.\n" +
                  unable);
  }
}

TEST(Hpvmremove, AsksFirst) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.guests, GetGuest(_, Says("name: 'g1'"), _)).WillOnce(guest());
  EXPECT_CALL(daemon.guests, RemoveGuest(_, Says("name: 'g1'"), _))
      .WillOnce(answer(v1::RemoveGuestResponse()));
  const Outcome outcome = daemon.run("hpvmremove", {"-P", "g1"}, "y\n");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.err, "hpvmremove: Remove the guest 'g1'? [n]: y\n");
}

TEST(Hpvmremove, TakesTheEndOfInputForANo) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.guests, GetGuest).WillOnce(guest());
  const Outcome outcome = daemon.run("hpvmremove", {"-P", "g1"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.err,
            "hpvmremove: Remove the guest 'g1'? [n]: \n"
            "hpvmremove: Nothing was changed.\n");
}

TEST(Hpvmremove, AsksNoQuestionWhereItIsToldSo) {
  FakeDaemon daemon;
  const InSequence order;
  EXPECT_CALL(daemon.guests, RemoveGuest(_, Says("name: 'g1'"), _))
      .WillOnce(answer(v1::RemoveGuestResponse()));
  EXPECT_CALL(daemon.guests, ListGuests).WillOnce(guest_list());
  EXPECT_CALL(daemon.guests, RemoveGuest(_, Says("name: 'g1' force: true"), _))
      .WillOnce(answer(v1::RemoveGuestResponse()));
  EXPECT_EQ(daemon.run("hpvmremove", {"-P", "g1", "-Q"}).status, 0);
  EXPECT_EQ(daemon.run("hpvmremove", {"-p3", "-F"}).status, 0);
}

TEST(Hpvmremove, TellsWhatTheDaemonRefuses) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.guests, RemoveGuest)
      .WillOnce(refuse(grpc::StatusCode::FAILED_PRECONDITION, "guest 'g1' is attached"));
  const Outcome outcome = daemon.run("hpvmremove", {"-P", "g1", "-Q"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.err,
            "hpvmremove: ERROR (g1): guest 'g1' is attached.\n"
            "hpvmremove: Unable to remove the guest.\n");
}

TEST(Hpvmstatus, ShowsAGuest) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.guests, GetGuest(_, Says("name: 'g1'"), _)).Times(3).WillRepeatedly(guest());
  EXPECT_THAT(daemon.run("hpvmstatus", {"-P", "g1"}).out,
              HasSubstr("\nvswitch   lan        localnet   4         0   0   0 "
                        "2a-87-14-5c-f9-ed\n"));
  EXPECT_THAT(daemon.run("hpvmstatus", {"-P", "g1", "-V"}).out, HasSubstr("\nVswitch Port :4\n"));
  EXPECT_THAT(daemon.run("hpvmstatus", {"-P", "g1", "-d"}).out,
              HasSubstr("\nnetwork:lan:0,0,0x2A87145CF9ED:vswitch:localnet:portid:4\n"));
}

TEST(Hpvmstatus, ShowsHowQemuAttachesAGuest) {
  FakeDaemon daemon;
  EXPECT_CALL(
      daemon.guests,
      DescribeAttachment(_, Says("name: 'g1' hypervisor: HYPERVISOR_QEMU memory_mib: 2048"), _))
      .WillOnce(answer(message<v1::DescribeAttachmentResponse>(
          "arguments: '-m' arguments: '2048M' arguments: '-device' arguments: 'e1000,mac=a b'")));
  const Outcome outcome = daemon.run("hpvmstatus", {"-P", "g1", "--qemu", "--memory", "2048"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(outcome.out, "-m 2048M \\\n-device 'e1000,mac=a b'\n");
}

TEST(Hpvmstatus, WarnsOfAGuestThatHasNothingToAttach) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.guests,
              DescribeAttachment(_, Says("name: 'g1' hypervisor: HYPERVISOR_QEMU"), _))
      .WillOnce(answer(v1::DescribeAttachmentResponse()));
  const Outcome outcome = daemon.run("hpvmstatus", {"-P", "g1", "--qemu"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err,
            "hpvmstatus: WARNING (g1): the guest has no vNICs that a hypervisor attaches.\n");
}

TEST(Hpvmstatus, TellsThatThereIsNoSuchGuest) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.guests, GetGuest)
      .WillOnce(refuse(grpc::StatusCode::NOT_FOUND, "there is no guest 'x'"));
  EXPECT_CALL(daemon.guests, ListGuests).WillOnce(guest_list());
  Outcome outcome = daemon.run("hpvmstatus", {"-P", "x"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.err, "hpvmstatus: ERROR (x): there is no guest 'x'.\n");
  outcome = daemon.run("hpvmstatus", {"-p", "7"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.err,
            "hpvmstatus: ERROR (7): there is no guest number 7; 'hpvmstatus' lists them.\n");
}

TEST(Hpvmstatus, RefusesWhatDoesNotGoTogether) {
  for (const char* option : {"-V", "-d", "--qemu", "--libvirt", "--cloud-hypervisor"}) {
    EXPECT_EQ(refusal("hpvmstatus", {option}),
              "hpvmstatus: ERROR: " + std::string(option) +
                  " needs a guest: -P NAME or -p NUMBER; 'hpvmstatus' lists them.\n");
  }
  EXPECT_EQ(refusal("hpvmstatus", {"-Vd", "-P", "g1"}),
            "hpvmstatus: ERROR (g1): -V and -d show different things; give one of them.\n");
  EXPECT_THAT(refusal("hpvmstatus", {"-P", "g1", "--memory", "1"}), HasSubstr("add --qemu"));
  EXPECT_THAT(refusal("hpvmstatus", {"-P", "g1", "--tcg"}), HasSubstr("add --qemu or --libvirt"));
  for (const char* memory : {"0", "1G", "-1", ""}) {
    EXPECT_EQ(refusal("hpvmstatus", {"-P", "g1", "--qemu", "--memory", memory}),
              "hpvmstatus: ERROR (g1): --memory '" + std::string(memory) +
                  "' is no number of mebibytes.\n");
  }
}

}  // namespace
}  // namespace hpvmnet::cli
