#include <sstream>

#include <gmock/gmock.h>

#include "unit/cli/fake_daemon.h"

namespace hpvmnet::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const std::vector<std::string> kPrograms{"hpvmnet", "hpvmcreate", "hpvmmodify", "hpvmremove",
                                         "hpvmstatus"};

Outcome run(const std::string& program, const std::vector<std::string>& arguments) {
  return run_command("/no/such/directory", program, arguments);
}

TEST(CommandLine, HelpAndVersionNeedNoDaemon) {
  for (const std::string& program : kPrograms) {
    const Outcome help = run(program, {"--help"});
    EXPECT_EQ(help.status, 0);
    EXPECT_EQ(help.err, "");
    EXPECT_THAT(help.out, AllOf(HasSubstr("\nUsage:\n  " + program), HasSubstr("--target TARGET"),
                                HasSubstr("\nExamples:\n  " + program)));
    EXPECT_EQ(run(program, {"--version"}).out, program + " " HPVMNET_VERSION "\n");
  }
}

TEST(CommandLine, HelpFitsATerminal) {
  for (const std::string& program : kPrograms) {
    std::istringstream help(run(program, {"--help"}).out);
    for (std::string line; std::getline(help, line);) EXPECT_LE(line.size(), 80u) << line;
  }
}

TEST(CommandLine, RefusalsNameTheArgument) {
  EXPECT_EQ(refusal({"-z"}),
            "hpvmnet: ERROR: there is no option '-z'; 'hpvmnet --help' lists the options.\n");
  EXPECT_THAT(refusal({"--bogus"}), HasSubstr("there is no option '--bogus'"));
  EXPECT_THAT(refusal({"-V", "word"}), HasSubstr("there is no argument 'word'"));
  EXPECT_THAT(refusal({"-S"}), HasSubstr("'-S' needs a value"));
  EXPECT_THAT(refusal({"-S", "a", "-S", "b"}), HasSubstr("-S is given more than once"));
  EXPECT_THAT(refusal({"--timeout"}), HasSubstr("'--timeout' needs a value"));
}

TEST(CommandLine, TimeIsInSeconds) {
  for (const char* text : {"0", "-1", "x", "1s", "", "nan", "inf", "3601", "1e99"}) {
    EXPECT_EQ(refusal({"--timeout", text}), "hpvmnet: ERROR: --timeout '" + std::string(text) +
                                                "' is no time in seconds, up to 3600.\n");
  }
}

TEST(CommandLine, VersionsComeFirst) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.daemon, GetVersion)
      .WillOnce(answer(message<v1::GetVersionResponse>("version: '7.8.9'")));
  EXPECT_CALL(daemon.guests, ListGuests).WillOnce(answer(v1::ListGuestsResponse()));
  EXPECT_EQ(daemon.run("hpvmstatus", {"-v"}).out, "hpvmstatus: Version " HPVMNET_VERSION
                                                  "\n"
                                                  "hpvmnetd: Version 7.8.9\n"
                                                  "No vPars or VMs currently configured\n");
}

TEST(CommandLine, TheClientsVersionComesEvenWithoutADaemon) {
  const Outcome outcome = run("hpvmnet", {"-v"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.out, "hpvmnet: Version " HPVMNET_VERSION "\n");
}

}  // namespace
}  // namespace hpvmnet::cli
