#include "store/store.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit/control/random_models.h"
#include "unit/store/store_fixture.h"

namespace hpvmnet {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

class StoreTest : public StoreFixture {};

/// The rights of a user who may do nothing here. Does nothing where the tests do not run as root.
class Nobody {
 public:
  Nobody() { EXPECT_EQ(::geteuid() == 0 ? ::seteuid(65534) : 0, 0); }
  ~Nobody() { EXPECT_EQ(::seteuid(::getuid()), 0); }
};

TEST_F(StoreTest, FirstStartHoldsLocalnetAndIsLogged) {
  EXPECT_EQ(reload(), initial_model());
  ASSERT_EQ(log_.lines.size(), 1u);
  EXPECT_THAT(log_.lines[0], HasSubstr(file().native() + " was made"));
  EXPECT_EQ(reload(), initial_model());
  EXPECT_EQ(log_.lines.size(), 1u);
}

TEST_F(StoreTest, MakesTheDirectoryForItsOwnerAlone) {
  auto store = Store::open(scratch_.path() / "a" / "b" / "", log_);
  ASSERT_TRUE(store) << store.error().text;
  struct stat status = {};
  ASSERT_EQ(::stat((scratch_.path() / "a" / "b").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0700u);
}

TEST_F(StoreTest, LeavesNothingButTheDatabaseAndItsLockBehind) {
  prepare(full_model());
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(directory())) {
    names.push_back(entry.path().filename());
  }
  EXPECT_THAT(names, testing::UnorderedElementsAre("hpvmnet.db", "hpvmnet.db.lock"));
}

TEST_F(StoreTest, HoldsEveryFieldOfTheModel) {
  prepare(full_model());
  EXPECT_EQ(reload(), full_model());
}

TEST_F(StoreTest, SavesEveryStepOfAWalkOverModels) {
  RandomModels walk(11);
  auto store = must_open();
  Model saved = store->load().value();
  for (int step = 0; step < 400; ++step) {
    if (!walk.step()) continue;
    const Status status = store->save(saved, walk.model());
    ASSERT_TRUE(status) << status.error().text;
    saved = walk.model();
    ASSERT_EQ(store->load().value(), saved);
    if (step % 50 != 0) continue;
    store.reset();
    store = must_open();
    ASSERT_EQ(store->load().value(), saved);
  }
}

TEST_F(StoreTest, SavesGuestsThatSwapTheirAddressesAndNumbers) {
  Model before = full_model();
  Model after = before;
  std::swap(after.guests["web"].vnics[0].mac, after.guests["db"].vnics[0].mac);
  std::swap(after.guests["web"].number, after.guests["db"].number);
  prepare(before);
  const auto store = must_open();
  const Status status = store->save(before, after);
  ASSERT_TRUE(status) << status.error().text;
  EXPECT_EQ(store->load().value(), after);
}

TEST_F(StoreTest, WritesTheDifferenceOnly) {
  prepare(full_model());
  sql("CREATE TABLE touched (name TEXT);"
      "CREATE TRIGGER added AFTER INSERT ON vswitches BEGIN"
      "  INSERT INTO touched VALUES ('+' || new.name); END;"
      "CREATE TRIGGER gone AFTER DELETE ON vswitches BEGIN"
      "  INSERT INTO touched VALUES ('-' || old.name); END;");
  {
    const auto store = must_open();
    Model next = full_model();
    next.vswitches["lab"].up = true;
    ASSERT_TRUE(store->save(full_model(), next));
    ASSERT_TRUE(store->save(next, next));
  }
  auto database = Database::open(file(), Database::Mode::existing);
  const auto rows = database->query("SELECT name FROM touched").value();
  EXPECT_EQ(rows, (std::vector<Row>{{std::string("-lab")}, {std::string("+lab")}}));
}

TEST_F(StoreTest, ARowThatTheSchemaRefusesSpoilsTheWholeChange) {
  prepare(full_model());
  const auto store = must_open();
  Model next = full_model();
  next.vswitches["lab"].up = true;
  next.guests["db"].vnics[0].mac = MacAddress(0x0100'0000'0000);  // multicast
  const Status status = store->save(full_model(), next);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::internal);
  EXPECT_THAT(status.error().text, AllOf(HasSubstr(file().native()), HasSubstr("CHECK")));
  EXPECT_EQ(store->load().value(), full_model());
  next.guests["db"].vnics[0].mac = full_model().guests["db"].vnics[0].mac;
  EXPECT_TRUE(store->save(full_model(), next));
  EXPECT_EQ(store->load().value(), next);
}

TEST_F(StoreTest, AReferenceToNothingIsRefusedAtTheEndOfTheChange) {
  prepare(full_model());
  const auto store = must_open();
  Model next = full_model();
  next.vswitches.erase("sw");
  const Status status = store->save(full_model(), next);
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().text, HasSubstr("FOREIGN KEY"));
  EXPECT_EQ(store->load().value(), full_model());
  EXPECT_TRUE(store->save(full_model(), initial_model()));
}

TEST_F(StoreTest, NoticesThatAnotherProgramChangedTheDatabase) {
  prepare(full_model());
  const auto store = must_open();
  sql("DELETE FROM ports");
  Model next = full_model();
  next.vswitches["sw"].ports.clear();
  const Status status = store->save(full_model(), next);
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().text, HasSubstr("another program has changed it; restart hpvmnetd"));
}

TEST_F(StoreTest, ALockedDatabaseDelaysAndThenRefusesAChange) {
  prepare(full_model());
  const auto store = must_open();
  auto other = Database::open(file(), Database::Mode::existing);
  ASSERT_TRUE(other->execute("BEGIN IMMEDIATE"));
  const Status status = store->save(full_model(), initial_model());
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::unavailable);
  EXPECT_THAT(status.error().text, HasSubstr("another program has locked " + file().native()));
  ASSERT_TRUE(other->execute("ROLLBACK"));
  EXPECT_TRUE(store->save(full_model(), initial_model()));
}

TEST_F(StoreTest, ASecondDaemonIsRefusedUntilTheFirstEnds) {
  auto first = must_open();
  const auto second = open();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::failed_precondition);
  EXPECT_EQ(second.error().text,
            "state directory " + directory().native() + " is in use by another hpvmnetd (process " +
                std::to_string(::getpid()) +
                "); stop that one, or choose another directory with --state-dir");
  first.reset();
  EXPECT_NE(must_open(), nullptr);
}

TEST_F(StoreTest, AFileInPlaceOfTheDirectoryIsRefused) {
  overwrite(directory(), "mine");
  const auto store = open();
  ASSERT_FALSE(store);
  EXPECT_THAT(store.error().text,
              AllOf(HasSubstr("cannot use state directory " + directory().native()),
                    HasSubstr("--state-dir")));
  EXPECT_EQ(contents(directory()), "mine");
}

TEST_F(StoreTest, ADirectoryThatCannotBeMadeIsRefused) {
  ASSERT_EQ(::chmod(scratch_.path().c_str(), 0555), 0);
  const Nobody nobody;
  const auto store = open();
  ASSERT_FALSE(store);
  EXPECT_THAT(store.error().text, HasSubstr("Permission denied; make it a directory that"));
}

TEST_F(StoreTest, AnUnwritableDirectoryIsRefused) {
  ASSERT_EQ(::chmod(scratch_.path().c_str(), 0755), 0);
  ASSERT_EQ(::mkdir(directory().c_str(), 0555), 0);
  const Nobody nobody;
  const auto store = open();
  ASSERT_FALSE(store);
  EXPECT_THAT(store.error().text, HasSubstr("Permission denied; make it a directory that"));
}

TEST_F(StoreTest, AWriteProtectedDatabaseIsRefused) {
  prepare(full_model());
  ASSERT_EQ(::chmod(scratch_.path().c_str(), 0755), 0);
  ASSERT_EQ(::chmod(directory().c_str(), 0777), 0);
  ASSERT_EQ(::chmod((directory() / "hpvmnet.db.lock").c_str(), 0666), 0);
  ASSERT_EQ(::chmod(file().c_str(), 0444), 0);
  const Nobody nobody;
  const auto store = open();
  ASSERT_FALSE(store);
  EXPECT_THAT(store.error().text, HasSubstr("is write-protected; make it writable"));
}

}  // namespace
}  // namespace hpvmnet
