#include "cli/terminal.h"

#include <sstream>

#include <gtest/gtest.h>

#include "cli/report.h"

namespace hpvmnet::cli {
namespace {

struct Streams {
  explicit Streams(const std::string& input, bool typed = true)
      : in(input), terminal("hpvmnet", in, out, err, typed) {}
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  Terminal terminal;
};

TEST(Terminal, OnlyYesIsAYes) {
  for (const char* yes : {"y\n", "Y\n", "yes\n", "YES\n", "  y \r\n", "y"}) {
    EXPECT_TRUE(Streams(yes).terminal.confirm("Sure?")) << yes;
  }
  for (const char* no : {"", "\n", "n\n", "no\n", "yy\n", "yesterday\n", "1\n", "\ny\n", "t\n"}) {
    EXPECT_FALSE(Streams(no).terminal.confirm("Sure?")) << no;
  }
}

TEST(Terminal, QuestionsSayWhatTheDefaultIs) {
  Streams streams("y\n");
  streams.terminal.confirm("Halt the vswitch 'clan1'?");
  EXPECT_EQ(streams.err.str(), "hpvmnet: Halt the vswitch 'clan1'? [n]: ");
  EXPECT_EQ(streams.out.str(), "");
}

TEST(Terminal, AnswersThatNobodyTypesAreShown) {
  Streams streams("y\n", /*typed=*/false);
  streams.terminal.confirm("Sure?");
  EXPECT_EQ(streams.err.str(), "hpvmnet: Sure? [n]: y\n");
}

TEST(Terminal, EndOfInputEndsTheLine) {
  Streams streams("");
  streams.terminal.confirm("Sure?");
  EXPECT_EQ(streams.err.str(), "hpvmnet: Sure? [n]: \n");
}

TEST(Report, HasHpsTwoLevels) {
  Streams streams("");
  EXPECT_EQ(report(streams.terminal, {Error::Kind::failed, "it is on fire"},
                   {.object = "ivm1", .attempt = "modify the guest"}),
            1);
  EXPECT_EQ(streams.err.str(),
            "hpvmnet: ERROR (ivm1): it is on fire.\n"
            "hpvmnet: Unable to modify the guest.\n");
}

TEST(Report, ObjectsCannotCommandATerminal) {
  Streams streams("");
  warn(streams.terminal, "ivm\x1b[2J1", "it is on fire");
  EXPECT_EQ(streams.err.str(), "hpvmnet: WARNING (ivm?[2J1): it is on fire.\n");
}

TEST(Report, WrongUsageIsAnotherStatus) {
  Streams streams("");
  EXPECT_EQ(report(streams.terminal, {Error::Kind::usage, "what is to change?"}), 2);
  EXPECT_EQ(streams.err.str(), "hpvmnet: ERROR: what is to change?\n");
}

TEST(Report, SaysThatNothingWasChanged) {
  Streams streams("");
  EXPECT_EQ(report_declined(streams.terminal), 1);
  EXPECT_EQ(streams.err.str(), "hpvmnet: Nothing was changed.\n");
}

}  // namespace
}  // namespace hpvmnet::cli
