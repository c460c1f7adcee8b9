#include "cli/subcommands/subcommands.h"

#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "unit/cli/fake_daemon.h"

namespace hpvmnet::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(Subcommands, AreEachThereOnce) {
  std::set<std::string> names;
  for (const Subcommand& subcommand : subcommands()) {
    const std::string name = std::string(subcommand.noun) + ' ' + std::string(subcommand.verb);
    EXPECT_TRUE(names.insert(name).second) << name;
  }
}

TEST(Subcommands, AllHaveHelp) {
  for (const Subcommand& subcommand : subcommands()) {
    if (subcommand.summary.empty()) continue;
    std::vector<std::string> arguments{std::string(subcommand.noun)};
    if (!subcommand.verb.empty()) arguments.emplace_back(subcommand.verb);
    arguments.emplace_back("--help");
    const Outcome outcome = run_command("/no/such", "hpvmnet", arguments);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("hpvmnet " + arguments.front()));
  }
}

TEST(Subcommands, AreListedWhereThereIsNoSuch) {
  EXPECT_THAT(refusal({"bridge", "list"}),
              HasSubstr("there is no subcommand 'bridge list'; there are switch, port, guest"));
  EXPECT_THAT(refusal({"switch", "rename"}),
              HasSubstr("there is no subcommand 'switch rename'; there are switch list"));
}

TEST(Subcommands, AreSuggestedWhereOneIsMistyped) {
  EXPECT_EQ(refusal({"wsitch", "list"}),
            "hpvmnet: ERROR: there is no subcommand 'wsitch list'; did you mean 'switch'?\n");
  EXPECT_EQ(refusal({"switch", "lsit"}),
            "hpvmnet: ERROR: there is no subcommand 'switch lsit'; did you mean 'switch list'?\n");
  EXPECT_EQ(refusal({"help", "swich"}),
            "hpvmnet: ERROR: there is no subcommand 'swich'; did you mean 'switch'?\n");
}

TEST(Subcommands, AreListedByNoun) {
  const Outcome verbs = run_command("/no/such", "hpvmnet", {"port"});
  EXPECT_EQ(verbs.status, 0);
  EXPECT_THAT(verbs.out, HasSubstr("  port set "));
  EXPECT_THAT(verbs.out, Not(HasSubstr("switch list")));
  EXPECT_EQ(run_command("/no/such", "hpvmnet", {"help", "port"}).out, verbs.out);
  EXPECT_EQ(run_command("/no/such", "hpvmnet", {"port", "help"}).out, verbs.out);
  for (const char* way : {"help", "--help"}) {
    const Outcome all = run_command("/no/such", "hpvmnet", {way});
    EXPECT_EQ(all.status, 0);
    EXPECT_THAT(all.out, HasSubstr("  switch list "));
    EXPECT_THAT(all.out, Not(HasSubstr("complete")));
  }
}

TEST(Subcommands, AreExplainedByHelp) {
  EXPECT_EQ(run_command("/no/such", "hpvmnet", {"help", "port", "set"}).out,
            run_command("/no/such", "hpvmnet", {"port", "set", "--help"}).out);
}

TEST(SwitchList, HasARowForEach) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.vswitches, ListVswitches)
      .WillOnce(answer(message<v1::ListVswitchesResponse>(
          "vswitches { name: 'clan1' number: 2 state: STATE_UP multicast: MULTICAST_SNOOP }")));
  EXPECT_EQ(daemon.run("hpvmnet", {"switch", "list"}).out,
            "NAME   NUMBER  STATE  BACKING  VLAN  MODE  MULTICAST  MACS\n"
            "clan1       2  Up     -        -     -     snoop         0\n");
}

TEST(PortSet, SendsAllSettingsAtOnce) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.vswitches,
              SetPort(_,
                      Says("vswitch { name: 'prod' } port: 3 vlan { vlan_id: 120 } trunk: '' "
                           "queue_pairs: 2 rings: RINGS_PACKED"),
                      _))
      .WillOnce(answer(v1::Port()));
  const Outcome outcome =
      daemon.run("hpvmnet", {"port", "set", "prod", "3", "--vlan", "120", "--trunk", "none",
                             "--queues", "2", "--rings", "packed"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(daemon.run("hpvmnet", {"port", "set", "prod", "3"}).status, 2);
  EXPECT_EQ(daemon.run("hpvmnet", {"port", "set", "prod", "512", "--vlan", "1"}).status, 2);
  EXPECT_EQ(daemon.run("hpvmnet", {"port", "set", "prod", "3", "--vlan", "4095"}).status, 2);
}

TEST(SwitchCreate, LeavesNothingHalfDone) {
  FakeDaemon daemon;
  testing::InSequence order;
  EXPECT_CALL(daemon.vswitches, CreateVswitch(_, Says("name: 'prod'"), _))
      .WillOnce(answer(v1::Vswitch()));
  EXPECT_CALL(daemon.vswitches, BootVswitch)
      .WillOnce(refuse(grpc::StatusCode::FAILED_PRECONDITION, "no"));
  EXPECT_CALL(daemon.vswitches, DeleteVswitch(_, Says("vswitch { name: 'prod' }"), _))
      .WillOnce(answer(v1::DeleteVswitchResponse()));
  EXPECT_EQ(daemon.run("hpvmnet", {"switch", "create", "prod", "--up"}).status, 1);
}

TEST(Apply, SendsTheFileAndTellsTheChanges) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.configuration, GetConfiguration).WillOnce(answer(v1::Configuration()));
  EXPECT_CALL(daemon.configuration,
              ApplyConfiguration(_,
                                 Says("configuration { vswitches { name: 'a' source: "
                                      "'standard input:1:13' } } dry_run: true"),
                                 _))
      .WillOnce(answer(message<v1::ApplyConfigurationResponse>(
          "changes: 'create it' changed: true objection: 'no'")));
  const Outcome outcome =
      daemon.run("hpvmnet", {"apply", "-f", "-", "--dry-run"}, "vswitches: {a: {}}");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "create it\n1 change to make.\n");
  EXPECT_THAT(outcome.err, HasSubstr("this would be refused: no"));
  EXPECT_EQ(daemon.run("hpvmnet", {"apply"}).status, 2);
  EXPECT_EQ(daemon.run("hpvmnet", {"apply", "-f", "/no/such"}).status, 1);
  EXPECT_EQ(daemon.run("hpvmnet", {"apply", "-f", "/"}).status, 1);
}

TEST(SwitchList, PrintsWhatTheDaemonSaidAsJson) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.vswitches, ListVswitches)
      .WillOnce(answer(message<v1::ListVswitchesResponse>(
          "vswitches { name: 'clan1' number: 2 state: STATE_UP }")));
  const Outcome outcome = daemon.run("hpvmnet", {"switch", "list", "--json"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.out, HasSubstr(R"("name": "clan1",)"));
  EXPECT_THAT(outcome.out, HasSubstr(R"("mac_address_count": "0")"));
}

}  // namespace
}  // namespace hpvmnet::cli
