#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"

struct sqlite3;

namespace hpvmnet {

/// A column of a row: NULL, INTEGER or TEXT.
using Value = std::variant<std::monostate, std::int64_t, std::string>;
using Row = std::vector<Value>;

/// A connection to one SQLite database. Errors name the file and the way out. One thread at a time.
class Database {
 public:
  enum class Mode {
    existing,  ///< the file must be there
    create,    ///< the file is made where it is missing
  };

  /// Opens for reading and writing; refuses a file that is not writable. Until
  /// keep_tidy() the file stays as it is unless a statement changes it.
  static Result<Database> open(const std::filesystem::path& file, Mode mode);

  /// Lets the last connection empty the write-ahead log into the file when it closes.
  void keep_tidy();

  /// Runs statements that yield no rows.
  Status execute(const std::string& statements);

  /// Runs one statement and returns its rows.
  Result<std::vector<Row>> query(const std::string& statement, const Row& parameters = {});

  /// Runs one statement that yields no rows and returns how many it changed.
  Result<int> change(const std::string& statement, const Row& parameters);

  /// Whether changes since BEGIN wait for COMMIT.
  bool in_transaction() const;

  const std::filesystem::path& file() const { return file_; }

 private:
  struct Closer {
    void operator()(sqlite3* connection) const;
  };

  explicit Database(std::filesystem::path file) : file_(std::move(file)) {}

  tl::unexpected<Error> failure() const;

  std::filesystem::path file_;
  std::unique_ptr<sqlite3, Closer> connection_;
};

/// Changes that are made together or not at all: undone at the end of its life unless committed.
class Transaction {
 public:
  explicit Transaction(Database& database) : database_(database) {}
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  /// Takes the right to write; to be called first.
  Status begin() { return database_.execute("BEGIN IMMEDIATE"); }
  /// Returns when the changes are on the disk.
  Status commit() { return database_.execute("COMMIT"); }

 private:
  Database& database_;
};

}  // namespace hpvmnet
