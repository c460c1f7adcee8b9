#include "process/journal_log.h"

#include <cstdlib>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "process/open_log.h"

namespace hpvmnet {
namespace {

using testing::ElementsAre;

TEST(JournalLog, AnEntryHasFieldsToSearchBy) {
  EXPECT_THAT(journal_entry({"blue", 3}, LogLevel::warning, "guest gone"),
              ElementsAre("MESSAGE=vswitch blue port 3: guest gone", "PRIORITY=4",
                          "SYSLOG_IDENTIFIER=hpvmnetd", "HPVMNET_VSWITCH=blue", "HPVMNET_PORT=3"));
  EXPECT_THAT(journal_entry({}, LogLevel::info, "stopping"),
              ElementsAre("MESSAGE=stopping", "PRIORITY=6", "SYSLOG_IDENTIFIER=hpvmnetd"));
}

TEST(JournalLog, EachLevelHasItsPriority) {
  EXPECT_EQ(journal_entry({}, LogLevel::debug, "x")[1], "PRIORITY=7");
  EXPECT_EQ(journal_entry({}, LogLevel::error, "x")[1], "PRIORITY=3");
}

TEST(JournalLog, NothingInALineStartsAnotherField) {
  EXPECT_EQ(journal_entry({}, LogLevel::info, "a\nPRIORITY=0")[0], "MESSAGE=a PRIORITY=0");
}

TEST(OpenLog, KnowsADescriptorThatLeadsToTheJournal) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  struct stat file {};
  ASSERT_EQ(::fstat(ends[1], &file), 0);
  ::unsetenv("JOURNAL_STREAM");
  EXPECT_FALSE(leads_to_journal(ends[1]));
  ::setenv("JOURNAL_STREAM", fmt::format("{}:{}", file.st_dev, file.st_ino).c_str(), 1);
  EXPECT_TRUE(leads_to_journal(ends[1]));
  EXPECT_FALSE(leads_to_journal(-1));
  ::setenv("JOURNAL_STREAM", fmt::format("{}:{}", file.st_dev, file.st_ino + 1).c_str(), 1);
  EXPECT_FALSE(leads_to_journal(ends[1]));
  ::unsetenv("JOURNAL_STREAM");
  ::close(ends[0]);
  ::close(ends[1]);
}

}  // namespace
}  // namespace hpvmnet
