#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "store/store.h"
#include "support/temporary_directory.h"
#include "unit/control/model_builder.h"

namespace hpvmnet {

/// Keeps the lines.
class LineLog final : public Log {
 public:
  void write(LogLevel, std::string_view line) override { lines.emplace_back(line); }
  std::vector<std::string> lines;
};

inline std::string contents(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void overwrite(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
}

/// A model with something in every table and column.
inline Model full_model() {
  ModelBuilder builder;
  builder.vswitch("sw").vswitch("lab");
  EXPECT_TRUE(set_vswitch_up(builder.model, named("sw"), true));
  EXPECT_TRUE(set_port_vlan(builder.model, named("sw"), 0, 0));
  EXPECT_TRUE(set_port_vlan(builder.model, named("sw"), 511, 4094));
  EXPECT_TRUE(set_port_queue_pairs(builder.model, named("sw"), 511, 16));
  EXPECT_TRUE(set_port_rings(builder.model, named("sw"), 511, true));
  builder.guest("web",
                {with_mac("02-00-00-00-00-01", vnic("avio_lan", "sw", 511)),
                 with_mac("fe-ff-ff-ff-ff-ff", to_endpoint("/run/x", vnic("lan", "localnet")))});
  builder.guest("db", {at(7, 7, with_mac("02-00-00-00-00-02", vnic("avio_lan", "sw", 511)))});
  builder.guest("empty", {});
  return builder.model;
}

/// A state directory and what tests do with it.
class StoreFixture : public testing::Test {
 protected:
  std::filesystem::path directory() const { return scratch_.path() / "state"; }
  std::filesystem::path file() const { return directory() / "hpvmnet.db"; }

  Result<std::unique_ptr<Store>> open() { return Store::open(directory(), log_); }

  std::unique_ptr<Store> must_open() {
    auto store = open();
    EXPECT_TRUE(store) << store.error().text;
    return store ? std::move(*store) : nullptr;
  }

  /// What a daemon that starts now would find.
  Model reload() {
    const auto store = must_open();
    if (!store) return {};
    auto model = store->load();
    EXPECT_TRUE(model) << model.error().text;
    return model ? *model : Model{};
  }

  /// Makes a database that holds `model`, and closes it.
  void prepare(const Model& model) {
    const auto store = must_open();
    const Status status = store->save(store->load().value(), model);
    EXPECT_TRUE(status) << status.error().text;
  }

  /// Runs SQL on the closed database, as an administrator with a shell could.
  void sql(const std::string& statements) {
    auto database = Database::open(file(), Database::Mode::existing);
    ASSERT_TRUE(database) << database.error().text;
    const Status status = database->execute(statements);
    ASSERT_TRUE(status) << status.error().text;
    database->keep_tidy();
  }

  test::TemporaryDirectory scratch_;
  LineLog log_;
};

}  // namespace hpvmnet
