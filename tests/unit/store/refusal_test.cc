#include <functional>
#include <random>
#include <string>

#include <gmock/gmock.h>

#include "unit/store/store_fixture.h"

namespace hpvmnet {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// Databases that must not be used, touched or replaced.
class RefusalTest : public StoreFixture {
 protected:
  void SetUp() override { prepare(full_model()); }

  /// Opening fails with that part of a sentence, which names the file, and the file stays as it is.
  void expect_refused(const std::string& part) {
    const std::string before = contents(file());
    const auto store = open();
    ASSERT_FALSE(store) << "opened instead of: " << part;
    EXPECT_EQ(store.error().code, ErrorCode::failed_precondition) << store.error().text;
    EXPECT_THAT(store.error().text, HasSubstr(file().native()));
    EXPECT_THAT(store.error().text, HasSubstr(part));
    EXPECT_THAT(store.error().text, HasSubstr("it was left as it is: "));
    EXPECT_TRUE(contents(file()) == before);
  }
};

TEST_F(RefusalTest, AnEmptyFile) {
  overwrite(file(), "");
  expect_refused("is damaged (it is empty)");
}

TEST_F(RefusalTest, AFileCutInsideItsHeader) {
  fs::resize_file(file(), 99);
  expect_refused("is damaged (it is cut short)");
}

TEST_F(RefusalTest, AFileCutAtAnyPage) {
  for (auto size = fs::file_size(file()) - 4096; size > 0; size -= 4096) {
    fs::resize_file(file(), size);
    expect_refused("is damaged (");
  }
}

TEST_F(RefusalTest, AFileCutByAPage) {
  constexpr std::uintmax_t kPage = 4096;
  fs::resize_file(file(), fs::file_size(file()) - kPage);
  expect_refused("is damaged (");
}

TEST_F(RefusalTest, Garbage) {
  std::string garbage(10000, '\0');
  std::mt19937 engine(1);
  for (char& byte : garbage) byte = static_cast<char>(engine());
  overwrite(file(), garbage);
  expect_refused("is damaged (it is not a SQLite database)");
}

TEST_F(RefusalTest, GarbageBehindAGoodHeader) {
  std::string damaged = contents(file());
  std::fill(damaged.begin() + 100, damaged.end(), '\xa5');
  overwrite(file(), damaged);
  expect_refused("is damaged (");
}

TEST_F(RefusalTest, AnyOverwrittenPage) {
  const std::string good = contents(file());
  for (std::size_t page = 4096; page < good.size(); page += 4096) {
    std::string damaged = good;
    std::fill_n(damaged.begin() + static_cast<std::ptrdiff_t>(page), 4096, '\x5a');
    overwrite(file(), damaged);
    expect_refused("is damaged (");
  }
}

TEST_F(RefusalTest, ADatabaseOfAnotherProgram) {
  sql("PRAGMA application_id = 7");
  expect_refused("is a database of another program");
}

TEST_F(RefusalTest, ADirectoryInPlaceOfTheFile) {
  fs::remove(file());
  fs::create_directory(file());
  const auto store = open();
  ASSERT_FALSE(store);
  EXPECT_THAT(store.error().text, HasSubstr(file().native() + " is not a file; it was left"));
}

TEST_F(RefusalTest, ANewerVersion) {
  sql("PRAGMA user_version = 1000");
  expect_refused("was written by a newer hpvmnetd (its version is 1000, this one knows");
  const auto store = open();
  EXPECT_THAT(store.error().text, HasSubstr("install the newer hpvmnetd"));
}

TEST_F(RefusalTest, ANewerVersionThatIsStillInTheWriteAheadLog) {
  {
    auto database = Database::open(file(), Database::Mode::existing);
    ASSERT_TRUE(database->execute("PRAGMA user_version = 1000"));
  }
  ASSERT_GT(fs::file_size(directory() / "hpvmnet.db-wal"), 0u);
  expect_refused("was written by a newer hpvmnetd");
}

TEST_F(RefusalTest, AVersionThatNeverWas) {
  sql("PRAGMA user_version = 0");
  expect_refused("is damaged (it has version 0)");
}

TEST_F(RefusalTest, ARowThatBreaksACheck) {
  sql("PRAGMA ignore_check_constraints = ON; UPDATE vnics SET bus = 9 WHERE guest = 'db'");
  expect_refused("is damaged (CHECK constraint failed in vnics");
}

TEST_F(RefusalTest, ARowThatNamesNothing) {
  sql("DELETE FROM vswitches WHERE name = 'sw'");
  expect_refused("is damaged (a row of ");
}

TEST_F(RefusalTest, AMissingTable) {
  sql("DROP TABLE vnics");
  const std::string before = contents(file());
  const auto model = must_open()->load();
  ASSERT_FALSE(model);
  EXPECT_THAT(model.error().text, HasSubstr(file().native() + ": no such table: vnics"));
  EXPECT_TRUE(contents(file()) == before);
}

TEST_F(RefusalTest, AMissingLocalnet) {
  sql("DELETE FROM vnics WHERE vswitch = 'localnet'; DELETE FROM vswitches WHERE number = 1");
  const auto model = must_open()->load();
  ASSERT_FALSE(model);
  EXPECT_THAT(model.error().text, HasSubstr("is damaged (vswitch 'localnet' is missing)"));
}

TEST_F(RefusalTest, AColumnOfAnotherType) {
  sql("DROP TABLE ports;"
      "CREATE TABLE ports (vswitch TEXT, number INTEGER, vlan, queue_pairs, packed_rings, trunk);"
      "INSERT INTO ports VALUES ('sw', 'three', 5, 1, 0, NULL)");
  const auto model = must_open()->load();
  ASSERT_FALSE(model);
  EXPECT_THAT(model.error().text, HasSubstr("is damaged (its rows do not fit together)"));
}

TEST_F(RefusalTest, TheLogOfALostDatabase) {
  fs::remove(file());
  overwrite(directory() / "hpvmnet.db-wal", "frames");
  const auto store = open();
  ASSERT_FALSE(store);
  EXPECT_THAT(store.error().text, HasSubstr("hpvmnet.db is missing, but "));
  EXPECT_FALSE(fs::exists(file()));
  EXPECT_EQ(contents(directory() / "hpvmnet.db-wal"), "frames");
}

TEST_F(RefusalTest, ALinkToNothingIsNotTakenForAFirstStart) {
  fs::remove(file());
  fs::create_symlink("elsewhere", file());
  ASSERT_FALSE(open());
  EXPECT_FALSE(fs::exists(directory() / "elsewhere"));
}

TEST_F(RefusalTest, NoFlippedBitCrashesAndNoRefusedFileChanges) {
  const std::string good = contents(file());
  std::mt19937 engine(3);
  int refused = 0;
  for (int round = 0; round < 300; ++round) {
    std::string damaged = good;
    char& byte = damaged[engine() % damaged.size()];
    byte = static_cast<char>(byte ^ (1 << engine() % 8));
    overwrite(file(), damaged);
    const auto store = open();
    if (store && (*store)->load()) continue;
    ++refused;
    EXPECT_TRUE(contents(file()) == damaged);
  }
  EXPECT_GT(refused, 0);
}

TEST_F(RefusalTest, AfterTheAdviceWasFollowedItWorksAgain) {
  const fs::path copy = scratch_.path() / "copy.db";
  fs::copy_file(file(), copy);
  overwrite(file(), "ruined");
  ASSERT_FALSE(open());
  fs::rename(file(), scratch_.path() / "ruined.db");
  fs::copy_file(copy, file());
  EXPECT_EQ(reload(), full_model());
  fs::remove(file());
  EXPECT_EQ(reload(), initial_model());
}

}  // namespace
}  // namespace hpvmnet
