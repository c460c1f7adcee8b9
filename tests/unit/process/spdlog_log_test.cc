#include "process/spdlog_log.h"

#include <string>

#include <gmock/gmock.h>

#include "base/subject_log.h"

namespace hpvmnet {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

template <class Write>
std::string written(LogLevel least, Write write) {
  testing::internal::CaptureStderr();
  SpdlogLog log(least);
  write(log);
  return testing::internal::GetCapturedStderr();
}

TEST(SpdlogLog, ALineHasTimeAndLevel) {
  EXPECT_THAT(written(LogLevel::info, [](Log& log) { log.warning("port {} is full", 3); }),
              MatchesRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]{3}[-+][0-9:]{5} "
                           "warning: port 3 is full\n"));
}

TEST(SpdlogLog, LinesBelowTheLevelAreLeftOut) {
  const std::string text = written(LogLevel::warning, [](Log& log) {
    log.debug("one");
    log.info("two");
    log.warning("three");
    log.error("four");
  });
  EXPECT_THAT(text, Not(HasSubstr("one")));
  EXPECT_THAT(text, Not(HasSubstr("two")));
  EXPECT_THAT(text, HasSubstr("warning: three"));
  EXPECT_THAT(text, HasSubstr("error: four"));
}

TEST(SpdlogLog, NothingStartsAnotherLineOrSpeaksToTheTerminal) {
  EXPECT_THAT(written(LogLevel::debug, [](Log& log) { log.info("a\nb\x1b[2J\x7f{{}}%v"); }),
              HasSubstr("info: a b [2J {}%v\n"));
}

TEST(SubjectLog, PutsTheNameInFront) {
  EXPECT_THAT(written(LogLevel::debug,
                      [](Log& log) {
                        SubjectLog port(log, {"blue", 3});
                        port.info("guest {}", "a{}b");
                        SubjectLog(log, {"red", {}}).info("halted");
                      }),
              AllOf(HasSubstr("info: vswitch blue port 3: guest a{}b\n"),
                    HasSubstr("info: vswitch red: halted\n")));
}

}  // namespace
}  // namespace hpvmnet
