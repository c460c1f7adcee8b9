#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "unit/store/store_fixture.h"

namespace hpvmnet {
namespace {

/// The checks of the schema, which stand behind those of the edits.
class SchemaTest : public StoreFixture {
 protected:
  void SetUp() override {
    prepare(full_model());
    auto opened = Database::open(file(), Database::Mode::existing);
    ASSERT_TRUE(opened);
    database_ = std::make_unique<Database>(std::move(*opened));
    ASSERT_TRUE(database_->execute("PRAGMA foreign_keys = ON"));
  }

  bool accepts(const std::string& statement) {
    Transaction undone(*database_);
    return undone.begin() && database_->execute(statement);
  }

  bool accepts_vnic(const std::string& values, const std::string& endpoint = "") {
    return accepts(fmt::format("INSERT INTO vnics VALUES ({}, '{}')", values, endpoint));
  }

  std::unique_ptr<Database> database_;
};

TEST_F(SchemaTest, Vswitches) {
  const auto with = [](const std::string& values) {
    return fmt::format("INSERT INTO vswitches (name, number, up) VALUES ({})", values);
  };
  EXPECT_TRUE(accepts(with("'a.B_9-', 9, 0")));
  EXPECT_TRUE(accepts(with(fmt::format("'{}', 4294967295, 1", std::string(32, 'x')))));
  for (const std::string& name :
       {std::string(), std::string(33, 'x'), std::string("-a"), std::string(".a"),
        std::string("a b"), std::string("a/b"), std::string("\xc3\xa9")}) {
    EXPECT_FALSE(accepts(with(fmt::format("'{}', 9, 0", name)))) << name;
  }
  EXPECT_FALSE(accepts(with("NULL, 9, 0")));
  EXPECT_FALSE(accepts(with("'sw', 9, 0")));
  EXPECT_FALSE(accepts(with("'a', 0, 0")));
  EXPECT_FALSE(accepts(with("'a', 1, 0")));
  EXPECT_FALSE(accepts(with("'a', 4294967296, 0")));
  EXPECT_FALSE(accepts(with("'a', 'nine', 0")));
  EXPECT_FALSE(accepts(with("'a', 9, 2")));
  EXPECT_FALSE(accepts(with("'a', 9, NULL")));
}

TEST_F(SchemaTest, Backings) {
  const auto with = [](const std::string& values) {
    return fmt::format(
        "INSERT INTO vswitches (name, number, up, backing, backing_mode, backing_vlan) VALUES ({})",
        values);
  };
  EXPECT_TRUE(accepts(with("'a', 9, 0, 'eth1', '', NULL")));
  EXPECT_TRUE(accepts(with("'b', 10, 0, 'eth2', 'packet', 4094")));
  EXPECT_FALSE(
      accepts(with("'c', 11, 0, 'eth1', '', NULL") + "; " + with("'d', 12, 0, 'eth1', '', NULL")));
  EXPECT_FALSE(accepts(with("'c', 11, 0, '', '', NULL")));
  EXPECT_FALSE(accepts(with("'c', 11, 0, 'sixteen-letters-', '', NULL")));
  EXPECT_FALSE(accepts(with("'c', 11, 0, 'eth3', NULL, NULL")));
  EXPECT_FALSE(accepts(with("'c', 11, 0, NULL, '', NULL")));
  EXPECT_FALSE(accepts(with("'c', 11, 0, NULL, NULL, 5")));
  EXPECT_FALSE(accepts(with("'c', 11, 0, 'eth3', '', 0")));
  EXPECT_FALSE(accepts(with("'c', 11, 0, 'eth3', '', 4095")));
}

TEST_F(SchemaTest, Multicast) {
  const auto with = [](const std::string& policy) {
    return "UPDATE vswitches SET multicast = " + policy;
  };
  for (const char* policy : {"'flood'", "'snoop'", "'strict'"}) EXPECT_TRUE(accepts(with(policy)));
  for (const char* policy : {"''", "NULL", "1", "'Flood'"}) EXPECT_FALSE(accepts(with(policy)));
}

TEST_F(SchemaTest, Filters) {
  const auto with = [](const std::string& values) {
    return fmt::format("INSERT INTO filters VALUES ({})", values);
  };
  EXPECT_TRUE(accepts(with("'sw', 0, 'a', 'x, (y)'")));
  EXPECT_TRUE(accepts(with("'sw', 15, 'b-2', ''")));
  EXPECT_FALSE(accepts(with("'sw', 0, 'a', ''") + "; " + with("'sw', 0, 'b', ''")));
  EXPECT_FALSE(accepts(with("'sw', 16, 'a', ''")));
  EXPECT_FALSE(accepts(with("'sw', -1, 'a', ''")));
  EXPECT_FALSE(accepts(with("'sw', 0, '', ''")));
  EXPECT_FALSE(accepts(with("'sw', 0, 'a b', ''")));
  EXPECT_FALSE(accepts(with("'sw', 0, 'a', NULL")));
  EXPECT_FALSE(accepts(with("'sw', 0, 'a', 'x' || char(10)")));
  EXPECT_FALSE(accepts(with("'no', 0, 'a', ''") + "; COMMIT"));
}

TEST_F(SchemaTest, Mirrors) {
  const auto with = [](const std::string& values) {
    return fmt::format("INSERT INTO mirrors VALUES ({})", values);
  };
  EXPECT_TRUE(accepts(with("'sw', 511, '1 512', 1, 0, 'ip and tcp', '6 0 0 0'")));
  EXPECT_FALSE(accepts(with("'sw', 512, '', 1, 0, '', ''")));
  EXPECT_FALSE(accepts(with("'sw', 1, '1,2', 1, 0, '', ''")));
  EXPECT_FALSE(accepts(with("'sw', 1, '', 0, 0, '', ''")));
  EXPECT_FALSE(accepts(with("'sw', 1, '', 1, 2, '', ''")));
  EXPECT_FALSE(accepts(with("'sw', 1, '', 1, 0, 'x' || char(10), ''")));
  EXPECT_FALSE(accepts(with("'sw', 1, '', 1, 0, '', 'ret'")));
  EXPECT_FALSE(
      accepts(with("'sw', 1, '', 1, 0, '', ''") + "; " + with("'sw', 2, '', 1, 0, '', ''")));
  EXPECT_FALSE(accepts(with("'no', 1, '', 1, 0, '', ''") + "; COMMIT"));
}

TEST_F(SchemaTest, Ports) {
  const auto with = [](const std::string& values) {
    return fmt::format("INSERT INTO ports VALUES ({})", values);
  };
  EXPECT_TRUE(accepts(with("'sw', 1, 4094, 1, 0, NULL")));
  EXPECT_TRUE(accepts(with("'sw', 510, NULL, 16, 1, NULL")));
  EXPECT_TRUE(accepts(with("'sw', 509, NULL, 1, 0, '10,20-29'")));
  EXPECT_FALSE(accepts(with("'sw', 7, NULL, 1, 0, ''")));
  EXPECT_FALSE(accepts(with("'sw', 0, 1, 1, 0, NULL")));
  EXPECT_FALSE(accepts(with("'sw', -1, 1, 1, 0, NULL")));
  EXPECT_FALSE(accepts(with("'sw', 512, 1, 1, 0, NULL")));
  EXPECT_FALSE(accepts(with("'sw', 1, 4095, 1, 0, NULL")));
  EXPECT_FALSE(accepts(with("'sw', 1, -1, 1, 0, NULL")));
  EXPECT_FALSE(accepts(with("'sw', NULL, 1, 1, 0, NULL")));
  EXPECT_FALSE(accepts(with("'no', 1, 1, 1, 0, NULL") + "; COMMIT"));
  EXPECT_FALSE(accepts(with("'sw', 7, NULL, 0, 0, NULL")));
  EXPECT_FALSE(accepts(with("'sw', 7, NULL, 17, 0, NULL")));
  EXPECT_FALSE(accepts(with("'sw', 7, NULL, NULL, 0, NULL")));
  EXPECT_FALSE(accepts(with("'sw', 7, NULL, 1, 2, NULL")));
  EXPECT_FALSE(accepts(with("'sw', 7, NULL, 1, NULL, NULL")));
}

TEST_F(SchemaTest, Guests) {
  const auto with = [](const std::string& values) {
    return fmt::format("INSERT INTO guests VALUES ({})", values);
  };
  EXPECT_TRUE(accepts(with(fmt::format("'{}', 9", std::string(64, 'g')))));
  EXPECT_FALSE(accepts(with(fmt::format("'{}', 9", std::string(65, 'g')))));
  EXPECT_FALSE(accepts(with("'-g', 9")));
  EXPECT_FALSE(accepts(with("'web', 9")));
  EXPECT_FALSE(accepts(with("'g', 1")));
  EXPECT_FALSE(accepts(with("'g', 0")));
}

TEST_F(SchemaTest, Vnics) {
  const std::string mac = std::to_string(0x0200'0000'0009);
  EXPECT_TRUE(accepts_vnic("'empty', 0, 0, 'lan', " + mac + ", 'sw', 3"));
  EXPECT_FALSE(accepts_vnic("'empty', 8, 0, 'lan', " + mac + ", 'sw', 3"));
  EXPECT_FALSE(accepts_vnic("'empty', 0, 8, 'lan', " + mac + ", 'sw', 3"));
  EXPECT_FALSE(accepts_vnic("'empty', -1, 0, 'lan', " + mac + ", 'sw', 3"));
  EXPECT_FALSE(accepts_vnic("'empty', 0, 0, '', " + mac + ", 'sw', 3"));
  EXPECT_FALSE(accepts_vnic("'empty', 0, 0, 'lan', " + mac + ", 'sw', 512"));
  EXPECT_FALSE(accepts_vnic("'empty', 0, 0, 'lan', " + mac + ", 'no', 3); COMMIT; SELECT (1"));
  EXPECT_FALSE(accepts_vnic("'nobody', 0, 0, 'lan', " + mac + ", 'sw', 3); COMMIT; SELECT (1"));
  EXPECT_FALSE(accepts_vnic("'web', 0, 0, 'lan', " + mac + ", 'sw', 3")) << "position taken";
  EXPECT_FALSE(accepts_vnic("'web', 3, 0, 'avio_lan', " + mac + ", 'sw', 511")) << "port twice";
}

TEST_F(SchemaTest, Endpoints) {
  const std::string vnic =
      "'empty', 0, 0, 'lan', " + std::to_string(0x0200'0000'0009) + ", 'sw', 3";
  EXPECT_TRUE(accepts_vnic(vnic, "/run/passt 1~"));
  EXPECT_TRUE(accepts_vnic(vnic, std::string(255, 'x')));
  EXPECT_FALSE(accepts_vnic(vnic, std::string(256, 'x')));
  for (const char* endpoint : {"/a:b", "/a\n", "/\x7f", "/\xc3\xa9"}) {
    EXPECT_FALSE(accepts_vnic(vnic, endpoint)) << endpoint;
  }
}

TEST_F(SchemaTest, MacAddresses) {
  const auto accepts_mac = [&](std::uint64_t mac) {
    return accepts_vnic("'empty', 0, 0, 'lan', " + std::to_string(mac) + ", 'sw', 3");
  };
  EXPECT_TRUE(accepts_mac(0x0200'0000'0000));
  EXPECT_TRUE(accepts_mac(0xfeff'ffff'fffe));
  EXPECT_FALSE(accepts_mac(0)) << "zero";
  EXPECT_FALSE(accepts_mac(0x0300'0000'0009)) << "multicast";
  EXPECT_FALSE(accepts_mac(0x001b'2100'0001)) << "global";
  EXPECT_FALSE(accepts_mac(0x1'0200'0000'0009)) << "49 bits";
  EXPECT_FALSE(accepts_mac(0x0200'0000'0001)) << "taken";
}

}  // namespace
}  // namespace hpvmnet
