#include "cli/subcommands/subcommands.h"

#include <set>
#include <string>

#include <gmock/gmock.h>

#include "unit/cli/fake_daemon.h"

namespace hpvmnet::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(Subcommands, AreEachThereOnce) {
  std::set<std::string> names;
  for (const Subcommand& subcommand : subcommands()) {
    const std::string name = std::string(subcommand.noun) + ' ' + std::string(subcommand.verb);
    EXPECT_TRUE(names.insert(name).second) << name;
  }
}

TEST(Subcommands, AllHaveHelp) {
  for (const Subcommand& subcommand : subcommands()) {
    std::vector<std::string> arguments{std::string(subcommand.noun)};
    if (!subcommand.verb.empty()) arguments.emplace_back(subcommand.verb);
    arguments.emplace_back("--help");
    const Outcome outcome = run_command("/no/such", "hpvmnet", arguments);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("hpvmnet " + arguments.front()));
  }
}

TEST(Subcommands, AreListedWhereThereIsNoSuch) {
  EXPECT_EQ(run_command("/no/such", "hpvmnet", {"wsitch", "list"}).status, 2);
  EXPECT_THAT(run_command("/no/such", "hpvmnet", {"wsitch", "list"}).err,
              AllOf(HasSubstr("there is no subcommand 'wsitch list'; there are "),
                    HasSubstr("switch list")));
  EXPECT_THAT(run_command("/no/such", "hpvmnet", {"switch"}).err,
              HasSubstr("there is no subcommand 'switch'; there are switch list"));
}

TEST(SwitchList, IsTheSameAsTheLetters) {
  FakeDaemon daemon;
  const auto answered =
      message<v1::ListVswitchesResponse>("vswitches { name: 'clan1' number: 2 state: STATE_UP }");
  EXPECT_CALL(daemon.vswitches, ListVswitches).Times(2).WillRepeatedly(answer(answered));
  EXPECT_EQ(daemon.run("hpvmnet", {"switch", "list"}).out, daemon.run("hpvmnet", {}).out);
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
