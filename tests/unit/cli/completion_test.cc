#include "cli/completion.h"

#include <sstream>

#include <gmock/gmock.h>

#include "unit/cli/fake_daemon.h"

namespace hpvmnet::cli {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

/// The words that are offered; "complete" is called as shells call it.
std::vector<std::string> offered(FakeDaemon& daemon, std::vector<std::string> words) {
  words.insert(words.begin(), {"complete", "--"});
  std::istringstream lines(daemon.run("hpvmnet", words).out);
  std::vector<std::string> found;
  for (std::string line; std::getline(lines, line);) {
    found.push_back(line.substr(0, line.find('\t')));
  }
  return found;
}

TEST(Completion, OffersNounsVerbsAndOptions) {
  FakeDaemon daemon;
  EXPECT_THAT(offered(daemon, {"hpvmnet", "gu"}), ElementsAre("guest"));
  EXPECT_THAT(offered(daemon, {"hpvmnet", ""}), Not(Contains("complete")));
  EXPECT_THAT(offered(daemon, {"/usr/bin/hpvmnet", "port", "s"}), ElementsAre("show", "set"));
  EXPECT_THAT(offered(daemon, {"hpvmnet", "port", "set", "a", "1", "--r"}), ElementsAre("--rings"));
  EXPECT_THAT(offered(daemon, {"hpvmnet", "port", "set", "a", "1", "--rings", "p"}),
              ElementsAre("packed"));
  EXPECT_THAT(offered(daemon, {"hpvmnet", "port", "set", "a", "1", "--rings=p"}),
              ElementsAre("--rings=packed"));
  EXPECT_THAT(offered(daemon, {"hpvmnet", "-"}), Contains("-S"));
  EXPECT_THAT(offered(daemon, {"hpvmcreate", "-P", "x", "-"}), Not(Contains("-P")));
  EXPECT_THAT(offered(daemon, {"hpvmcreate", "-a", "x", "-"}), Contains("-a"));
  EXPECT_THAT(offered(daemon, {"hpvmnet", "apply", "-f", ""}), ElementsAre(":files"));
  EXPECT_THAT(offered(daemon, {"hpvmnet", "wsitch", ""}), IsEmpty());
  EXPECT_THAT(offered(daemon, {"hpvmnet", "help", "port", "l"}), ElementsAre("list"));
  EXPECT_THAT(offered(daemon, {"hpvmnet"}), IsEmpty());
  EXPECT_THAT(offered(daemon, {}), IsEmpty());
}

TEST(Completion, AsksTheDaemonForNames) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.vswitches, ListVswitches)
      .WillRepeatedly(answer(message<v1::ListVswitchesResponse>(
          "vswitches { name: 'prod' number: 2 } vswitches { name: 'lab' number: 3 }")));
  EXPECT_CALL(daemon.guests, ListGuests)
      .WillRepeatedly(answer(message<v1::ListGuestsResponse>("guests { name: 'web1' number: 4 }")));
  EXPECT_CALL(daemon.vswitches, GetVswitch(_, Says("vswitch { name: 'prod' }"), _))
      .WillRepeatedly(answer(message<v1::Vswitch>("name: 'prod' ports { number: 17 }")));
  EXPECT_THAT(offered(daemon, {"hpvmnet", "switch", "show", "p"}), ElementsAre("prod"));
  EXPECT_THAT(offered(daemon, {"hpvmnet", "drops", "--watch", "l"}), ElementsAre("lab"));
  EXPECT_THAT(offered(daemon, {"hpvmnet", "port", "show", "prod", ""}), ElementsAre("17"));
  EXPECT_THAT(offered(daemon, {"hpvmnet", "-S", "prod", "-p", ""}), ElementsAre("17", "all"));
  EXPECT_THAT(offered(daemon, {"hpvmnet", "-s", ""}), ElementsAre("2", "3"));
  EXPECT_THAT(offered(daemon, {"hpvmstatus", "-P", ""}), ElementsAre("web1"));
  EXPECT_THAT(offered(daemon, {"hpvmstatus", "-p", ""}), ElementsAre("4"));
}

TEST(Completion, SaysNothingWhereNobodyAnswers) {
  const Outcome outcome =
      run_command("/no/such", "hpvmnet", {"complete", "--", "hpvmnet", "switch", "show", ""});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.out + outcome.err, "");
}

}  // namespace
}  // namespace hpvmnet::cli
