#include "store/store.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <iterator>
#include <string>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "control/edit.h"
#include "store/database_file.h"
#include "store/rows.h"
#include "store/schema.h"

namespace hpvmnet {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFileName = "hpvmnet.db";
constexpr const char* kNewName = "hpvmnet.db.new";

/// "name = ? AND number = ?"
std::string key_condition(const Table& table) {
  std::string text;
  for (std::size_t column = 0; column < table.key_columns; ++column) {
    text += fmt::format("{}{} = ?", column > 0 ? " AND " : "", table.columns[column]);
  }
  return text;
}

/// "name, number, up"
std::string column_list(const Table& table) {
  std::string text;
  for (const char* column : table.columns) {
    if (column != nullptr) text += fmt::format("{}{}", text.empty() ? "" : ", ", column);
  }
  return text;
}

Status delete_row(Database& database, const Table& table, Row row) {
  row.resize(table.key_columns);
  const auto deleted = database.change(
      fmt::format("DELETE FROM {} WHERE {}", table.name, key_condition(table)), row);
  if (!deleted) return tl::unexpected(deleted.error());
  if (*deleted == 1) return {};
  return fail(ErrorCode::internal,
              fmt::format("{} no longer holds what was saved there: another program has changed "
                          "it; restart hpvmnetd, which loads it again",
                          database.file().native()));
}

Status insert_row(Database& database, const Table& table, const Row& row) {
  std::string places = "?";
  for (std::size_t column = 1; column < row.size(); ++column) places += ", ?";
  const auto inserted = database.change(
      fmt::format("INSERT INTO {} ({}) VALUES ({})", table.name, column_list(table), places), row);
  return inserted ? Status{} : tl::unexpected(inserted.error());
}

/// A row that changes is deleted and inserted: no order of updates meets a row that has yet to go.
Status replace_rows(Database& database, const Table& table, const std::set<Row>& from,
                    const std::set<Row>& to) {
  std::vector<Row> gone, added;
  std::ranges::set_difference(from, to, std::back_inserter(gone));
  std::ranges::set_difference(to, from, std::back_inserter(added));
  for (const Row& row : gone) {
    if (auto status = delete_row(database, table, row); !status) return status;
  }
  for (const Row& row : added) {
    if (auto status = insert_row(database, table, row); !status) return status;
  }
  return {};
}

Status replace_model(Database& database, const Model& from, const Model& to) {
  if (from == to) return {};
  const TableRows old_rows = rows_of(from);
  const TableRows new_rows = rows_of(to);
  Transaction transaction(database);
  if (auto status = transaction.begin(); !status) return status;
  for (std::size_t table = 0; table < kTables.size(); ++table) {
    if (auto status = replace_rows(database, kTables[table], old_rows[table], new_rows[table]);
        !status) {
      return status;
    }
  }
  return transaction.commit();
}

/// Makes every commit durable before it returns.
Status configure(Database& database) {
  const auto mode = database.query("PRAGMA journal_mode = WAL");
  if (!mode) return tl::unexpected(mode.error());
  if (mode->empty() || mode->at(0) != Row{std::string("wal")}) {
    return fail(ErrorCode::failed_precondition,
                fmt::format("{} is on a file system without shared memory, as network file systems "
                            "are; choose a directory on a local one with --state-dir",
                            database.file().native()));
  }
  return database.execute("PRAGMA synchronous = FULL");
}

Status fill_new(Database& database, Log& log) {
  if (auto status = configure(database); !status) return status;
  if (auto status = database.execute(fmt::format("PRAGMA application_id = {}", kApplicationId));
      !status) {
    return status;
  }
  if (auto status = migrate(database, log); !status) return status;
  return replace_model(database, {}, initial_model());
}

void remove_database(const fs::path& file) {
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
    std::error_code ignored;
    fs::remove(file.native() + suffix, ignored);
  }
}

/// Makes the database under another name and renames it when it is complete, so that one that is
/// empty or half-filled is known to be damaged, never taken for new.
Status create_database(const StateDirectory& directory, Log& log) {
  const fs::path file = directory.path() / kFileName;
  const fs::path draft = directory.path() / kNewName;
  if (auto status = check_no_orphans(file); !status) return status;
  remove_database(draft);
  {
    auto database = Database::open(draft, Database::Mode::create);
    if (!database) return tl::unexpected(database.error());
    if (auto status = fill_new(*database, log); !status) {
      remove_database(draft);
      return status;
    }
    database->keep_tidy();
  }
  if (std::rename(draft.c_str(), file.c_str()) != 0) {
    return system_failure(fmt::format("cannot make {}", file.native()), errno);
  }
  log.info("{} was made: this is the first start with this state directory", file.native());
  return directory.sync();
}

}  // namespace

Result<std::unique_ptr<Store>> Store::open(const fs::path& path, Log& log) {
  auto directory = StateDirectory::claim(path);
  if (!directory) return tl::unexpected(directory.error());
  const fs::path file = directory->path() / kFileName;
  std::error_code error;
  if (fs::symlink_status(file, error).type() == fs::file_type::not_found) {
    if (auto status = create_database(*directory, log); !status) {
      return tl::unexpected(status.error());
    }
  }
  if (auto status = check_database_file(file); !status) return tl::unexpected(status.error());
  auto database = Database::open(file, Database::Mode::existing);
  if (!database) return tl::unexpected(database.error());
  const auto prepare = [&]() -> Status {
    if (auto status = check_schema(*database); !status) return status;
    if (auto status = configure(*database); !status) return status;
    if (auto status = migrate(*database, log); !status) return status;
    return database->execute("PRAGMA foreign_keys = ON");
  };
  if (auto status = prepare(); !status) return tl::unexpected(status.error());
  database->keep_tidy();
  return std::unique_ptr<Store>(new Store(std::move(*directory), std::move(*database)));
}

Result<Model> Store::load() {
  TableRows rows;
  for (std::size_t table = 0; table < kTables.size(); ++table) {
    auto read = database_.query(
        fmt::format("SELECT {} FROM {}", column_list(kTables[table]), kTables[table].name));
    if (!read) return tl::unexpected(read.error());
    rows[table].insert(read->begin(), read->end());
  }
  auto model = model_of(rows);
  if (!model) return damaged(database_.file(), "its rows do not fit together");
  if (!model->vswitches.contains(kLocalnet)) {
    return damaged(database_.file(), fmt::format("vswitch '{}' is missing", kLocalnet));
  }
  return *std::move(model);
}

Status Store::save(const Model& from, const Model& to) {
  return replace_model(database_, from, to);
}

}  // namespace hpvmnet
