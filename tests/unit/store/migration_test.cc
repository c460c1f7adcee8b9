#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "store/migrations.h"
#include "unit/store/store_fixture.h"

namespace hpvmnet {
namespace {

namespace fs = std::filesystem;

/// What golden/version_1.sql holds.
Model model_of_version_1() {
  Model model;
  model.vswitches["localnet"] = {.name = "localnet", .number = 1, .up = false, .ports = {}};
  model.vswitches["prod"] = {.name = "prod",
                             .number = 2,
                             .up = true,
                             .ports = {{0, {{VlanId{4094}}}}, {511, {{VlanId{0}}}}}};
  model.vswitches["_lab.7"] = {.name = "_lab.7", .number = 5, .up = false, .ports = {}};
  model.guests["web"] = {
      .name = "web",
      .number = 1,
      .vnics = {{"avio_lan", 0, 0, MacAddress(0x0200'0000'000a), "prod", 511, ""},
                {"lan", 7, 7, MacAddress(0xfeff'ffff'ffff), "localnet", 0, ""}}};
  model.guests["db"] = {
      .name = "db",
      .number = 3,
      .vnics = {{"avio_lan", 0, 1, MacAddress(0x0200'0000'000b), "prod", 511, ""}}};
  model.guests["spare"] = {.name = "spare", .number = 2, .vnics = {}};
  return model;
}

/// What golden/version_2.sql holds.
Model model_of_version_2() {
  Model model = model_of_version_1();
  auto& ports = model.vswitches["prod"].ports;
  ports[3].queue_pairs = 16;
  ports[511].queue_pairs = 4;
  return model;
}

/// What golden/version_3.sql holds.
Model model_of_version_3() {
  Model model = model_of_version_2();
  auto& ports = model.vswitches["prod"].ports;
  ports[4].packed_rings = true;
  ports[511].packed_rings = true;
  return model;
}

/// What golden/version_4.sql holds.
Model model_of_version_4() {
  Model model = model_of_version_3();
  auto& ports = model.vswitches["prod"].ports;
  ports[4].vlans.trunk = VlanSet::parse("10,20-29").value();
  ports[9].vlans = {.untagged = VlanId{5}, .trunk = VlanSet::all()};
  return model;
}

/// What golden/version_5.sql holds.
Model model_of_version_5() {
  Model model = model_of_version_4();
  model.vswitches["prod"].backing = Backing{.interface = "eth1", .mode = "", .vlan = {}};
  model.vswitches["_lab.7"].backing =
      Backing{.interface = "bond0", .mode = "packet", .vlan = VlanId{4094}};
  return model;
}

/// What golden/version_6.sql holds.
Model model_of_version_6() {
  Model model = model_of_version_5();
  model.guests["web"].vnics[1].endpoint = "/run/passt one.socket";
  return model;
}

/// What golden/version_7.sql holds.
Model model_of_version_7() {
  Model model = model_of_version_6();
  model.vswitches["prod"].multicast = MulticastPolicy::strict;
  model.vswitches["_lab.7"].multicast = MulticastPolicy::flood;
  return model;
}

/// What golden/version_8.sql holds.
Model model_of_version_8() {
  Model model = model_of_version_7();
  model.vswitches["prod"].filters = {{"ethertypes", "0x0800,0x0806"}, {"b", ""}};
  model.vswitches["_lab.7"].filters = {{"ethertypes", "(a b)"}};
  return model;
}

/// What golden/version_9.sql holds.
Model model_of_version_9() {
  Model model = model_of_version_8();
  model.vswitches["prod"].mirror = {
      .port = 7,
      .sources = {1, kUplinkPort},
      .ingress = true,
      .egress = false,
      .filter = {"ip", {{40, 0, 0, 12}, {21, 0, 1, 2048}, {6, 0, 0, 262144}, {6, 0, 0, 0}}}};
  model.vswitches["_lab.7"].mirror = {
      .port = 0, .sources = {}, .ingress = true, .egress = true, .filter = {}};
  return model;
}

class MigrationTest : public StoreFixture {
 protected:
  void make_golden(int version) {
    fs::create_directories(directory());
    auto database = Database::open(file(), Database::Mode::create);
    ASSERT_TRUE(database);
    const std::string statements = contents(fs::path(HPVMNET_GOLDEN_DIRECTORY) /
                                            ("version_" + std::to_string(version) + ".sql"));
    ASSERT_FALSE(statements.empty()) << "every version has a golden database";
    const Status status = database->execute(statements);
    ASSERT_TRUE(status) << status.error().text;
  }

  std::vector<Row> schema() {
    auto database = Database::open(file(), Database::Mode::existing);
    return database->query("SELECT name, sql FROM sqlite_schema ORDER BY name").value();
  }
};

TEST_F(MigrationTest, Version1LoadsAndCanBeChanged) {
  make_golden(1);
  EXPECT_EQ(reload(), model_of_version_1());
  Model next = model_of_version_1();
  next.guests.erase("web");
  next.vswitches["prod"].ports.erase(511);
  prepare(next);
  EXPECT_EQ(reload(), next);
}

TEST_F(MigrationTest, Version2Loads) {
  make_golden(2);
  EXPECT_EQ(reload(), model_of_version_2());
}

TEST_F(MigrationTest, Version3Loads) {
  make_golden(3);
  EXPECT_EQ(reload(), model_of_version_3());
}

TEST_F(MigrationTest, Version4Loads) {
  make_golden(4);
  EXPECT_EQ(reload(), model_of_version_4());
}

TEST_F(MigrationTest, Version5Loads) {
  make_golden(5);
  EXPECT_EQ(reload(), model_of_version_5());
}

TEST_F(MigrationTest, Version6Loads) {
  make_golden(6);
  EXPECT_EQ(reload(), model_of_version_6());
}

TEST_F(MigrationTest, Version7Loads) {
  make_golden(7);
  EXPECT_EQ(reload(), model_of_version_7());
}

TEST_F(MigrationTest, Version8Loads) {
  make_golden(8);
  EXPECT_EQ(reload(), model_of_version_8());
}

TEST_F(MigrationTest, Version9Loads) {
  make_golden(9);
  EXPECT_EQ(reload(), model_of_version_9());
}

TEST_F(MigrationTest, EveryVersionEndsWithTheSchemaOfANewDatabase) {
  ASSERT_TRUE(must_open());
  const std::vector<Row> current = schema();
  EXPECT_GE(current.size(), 4u);
  for (std::size_t version = 1; version <= migrations().size(); ++version) {
    fs::remove_all(directory());
    make_golden(static_cast<int>(version));
    ASSERT_TRUE(must_open());
    EXPECT_EQ(schema(), current) << "a migration was edited after its release, version " << version;
  }
}

TEST_F(MigrationTest, TheVersionIsTheNumberOfMigrations) {
  ASSERT_TRUE(must_open());
  auto database = Database::open(file(), Database::Mode::existing);
  EXPECT_EQ(database->query("PRAGMA user_version").value(),
            (std::vector<Row>{{static_cast<std::int64_t>(migrations().size())}}));
}

}  // namespace
}  // namespace hpvmnet
