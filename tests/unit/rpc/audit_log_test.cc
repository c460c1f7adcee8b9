#include "rpc/audit_log.h"

#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "support/collecting_log.h"
#include "support/temporary_directory.h"

namespace hpvmnet {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

const Asked kCall{{}, "192.0.2.1:5000", {"CN=alice"}, "BootVswitch", R"(vswitch { name: "blue" })"};

std::vector<std::string> lines(const fs::path& file) {
  std::ifstream opened(file);
  std::vector<std::string> all;
  for (std::string line; std::getline(opened, line);) all.push_back(line);
  return all;
}

class AuditLogTest : public testing::Test {
 protected:
  test::TemporaryDirectory directory_;
  fs::path path_ = directory_.path() / "audit.log";
  test::CollectingLog log_;
};

TEST_F(AuditLogTest, AChangeIsALineOfJson) {
  AuditLog(path_, log_).record("CN=alice", kCall, std::nullopt);
  ASSERT_THAT(lines(path_), SizeIs(1));
  EXPECT_THAT(lines(path_).front(),
              AllOf(StartsWith(R"({"time":"2)"),
                    EndsWith(R"("who":"CN=alice","from":"192.0.2.1:5000","method":"BootVswitch",)"
                             R"("request":"vswitch { name: \"blue\" }","result":"ok"})")));
  EXPECT_TRUE(log_.contains("audit: CN=alice from 192.0.2.1:5000: BootVswitch { vswitch"));
  EXPECT_EQ(fs::status(path_).permissions() & fs::perms::others_all, fs::perms::none);
}

TEST_F(AuditLogTest, ARefusalIsOne) {
  AuditLog(path_, log_)
      .record("read.sock", {{}, "", {}, "BootVswitch", ""},
              Error{ErrorCode::permission_denied, "look only"});
  EXPECT_THAT(lines(path_).front(),
              AllOf(HasSubstr(R"("result":"permission_denied","error":"look only"})"),
                    Not(HasSubstr("from"))));
}

TEST_F(AuditLogTest, NamesCannotForgeALine) {
  AuditLog(path_, log_).record("CN=a\n\"x\xff", kCall, std::nullopt);
  ASSERT_THAT(lines(path_), SizeIs(1));
  EXPECT_THAT(lines(path_).front(), HasSubstr(R"(CN=a\\x0a\"x\\xff)"));
}

TEST_F(AuditLogTest, GoesOnInANewFileWhereTheOldOneWasMovedAway) {
  AuditLog audit(path_, log_);
  audit.record("a", kCall, std::nullopt);
  fs::rename(path_, directory_.path() / "audit.log.1");
  audit.record("b", kCall, std::nullopt);
  audit.reopen();
  audit.record("c", kCall, std::nullopt);
  EXPECT_THAT(lines(directory_.path() / "audit.log.1"), SizeIs(2));
  EXPECT_THAT(lines(path_), SizeIs(1));
}

TEST_F(AuditLogTest, AFileThatCannotBeWrittenIsToldOnce) {
  AuditLog audit("/dev/full", log_);
  audit.record("a", kCall, std::nullopt);
  audit.record("b", kCall, std::nullopt);
  EXPECT_THAT(log_.lines(LogLevel::error), SizeIs(1));
  EXPECT_TRUE(log_.contains("cannot write to /dev/full: No space left"));
  EXPECT_TRUE(log_.contains("audit: b from"));
}

}  // namespace
}  // namespace hpvmnet
