#include "cli/shell.h"

#include <cstdio>
#include <string>

#include <gmock/gmock.h>

namespace hpvmnet::cli {
namespace {

using testing::ElementsAreArray;

// What a real shell makes of a command line, one word a line.
std::vector<std::string> words_of(const std::string& command) {
  FILE* const shell = ::popen(("printf '%s\\0' " + command).c_str(), "r");
  std::vector<std::string> words(1);
  for (int c = std::fgetc(shell); c != EOF; c = std::fgetc(shell)) {
    if (c == 0) {
      words.emplace_back();
    } else {
      words.back() += static_cast<char>(c);
    }
  }
  ::pclose(shell);
  words.pop_back();
  return words;
}

TEST(Shell, PlainWordsStayAsTheyAre) {
  EXPECT_EQ(shell_quoted("-netdev"), "-netdev");
  EXPECT_EQ(shell_quoted("vhost-user,id=a,path=/run/x.sock"), "vhost-user,id=a,path=/run/x.sock");
}

TEST(Shell, ReadsQuotedWordsBack) {
  const std::vector<std::string> words{"",     " ",  "a b", "it's", "$HOME", "`id`", "a;b",
                                       "a\"b", "\\", "*",   "a\nb", "#x",    "~",    "x=1",
                                       "(a)",  "!",  "'",   "''",   "a|b&c", "\t"};
  std::string line;
  for (const std::string& word : words) line += shell_quoted(word) + ' ';
  EXPECT_THAT(words_of(line), ElementsAreArray(words));
}

TEST(Shell, EachOptionHasALine) {
  EXPECT_EQ(shell_lines({"-m", "1024M", "-nographic", "-device", "e1000,mac=x"}),
            "-m 1024M \\\n"
            "-nographic \\\n"
            "-device e1000,mac=x\n");
}

TEST(Shell, ReadsLinesBack) {
  const std::vector<std::string> words{"-chardev", "socket,path=/tmp/a b/c.sock", "-device", "x"};
  EXPECT_THAT(words_of(shell_lines(words)), ElementsAreArray(words));
}

TEST(Shell, NothingIsNoLine) { EXPECT_EQ(shell_lines({}), ""); }

}  // namespace
}  // namespace hpvmnet::cli
