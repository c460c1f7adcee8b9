#include "store/database.h"

#include <utility>

#include <fmt/format.h>
#include <sqlite3.h>

#include "store/database_file.h"

namespace hpvmnet {
namespace {

/// How long a command waits for another program that reads or writes the database.
constexpr int kBusyMilliseconds = 1000;

struct Finalizer {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalizer>;

int bind(sqlite3_stmt* statement, int index, const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    return sqlite3_bind_int64(statement, index, *number);
  }
  if (const auto* text = std::get_if<std::string>(&value)) {
    return sqlite3_bind_text64(statement, index, text->data(), text->size(), SQLITE_STATIC,
                               SQLITE_UTF8);
  }
  return sqlite3_bind_null(statement, index);
}

Value column(sqlite3_stmt* statement, int index) {
  if (sqlite3_column_type(statement, index) == SQLITE_NULL) return {};
  if (sqlite3_column_type(statement, index) == SQLITE_INTEGER) {
    return std::int64_t{sqlite3_column_int64(statement, index)};
  }
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, index));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, index));
  return text == nullptr ? std::string() : std::string(text, size);
}

/// Steps through a statement with its parameters; the code is SQLITE_DONE at the end.
int step_through(sqlite3* connection, const std::string& text, const Row& parameters,
                 std::vector<Row>& rows) {
  sqlite3_stmt* prepared = nullptr;
  int code = sqlite3_prepare_v2(connection, text.c_str(), -1, &prepared, nullptr);
  const Statement statement(prepared);
  int index = 0;
  for (const Value& value : parameters) {
    if (code != SQLITE_OK) return code;
    code = bind(prepared, ++index, value);
  }
  if (code != SQLITE_OK) return code;
  while ((code = sqlite3_step(prepared)) == SQLITE_ROW) {
    Row& row = rows.emplace_back();
    for (int at = 0; at < sqlite3_column_count(prepared); ++at) row.push_back(column(prepared, at));
  }
  return code;
}

}  // namespace

void Database::Closer::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }

Result<Database> Database::open(const std::filesystem::path& file, Mode mode) {
  Database database(file);
  sqlite3* connection = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                    (mode == Mode::create ? SQLITE_OPEN_CREATE : 0);
  const int code = sqlite3_open_v2(file.c_str(), &connection, flags, nullptr);
  database.connection_.reset(connection);
  if (code != SQLITE_OK) return database.failure();
  sqlite3_busy_timeout(connection, kBusyMilliseconds);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  if (sqlite3_db_readonly(connection, "main") == 1) {
    return fail(ErrorCode::internal,
                fmt::format("{} is write-protected; make it writable for the user that hpvmnetd "
                            "runs as",
                            file.native()));
  }
  return database;
}

void Database::keep_tidy() {
  sqlite3_db_config(connection_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
}

Status Database::execute(const std::string& statements) {
  const int code = sqlite3_exec(connection_.get(), statements.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return failure();
  return {};
}

Result<std::vector<Row>> Database::query(const std::string& statement, const Row& parameters) {
  std::vector<Row> rows;
  if (step_through(connection_.get(), statement, parameters, rows) != SQLITE_DONE) {
    return failure();
  }
  return rows;
}

Result<int> Database::change(const std::string& statement, const Row& parameters) {
  std::vector<Row> none;
  if (step_through(connection_.get(), statement, parameters, none) != SQLITE_DONE) {
    return failure();
  }
  return sqlite3_changes(connection_.get());
}

bool Database::in_transaction() const { return sqlite3_get_autocommit(connection_.get()) == 0; }

tl::unexpected<Error> Database::failure() const {
  sqlite3* connection = connection_.get();
  const std::string& name = file_.native();
  const std::string reason = sqlite3_errmsg(connection);
  switch (sqlite3_errcode(connection) & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return damaged(file_, reason);
    case SQLITE_FULL:
      return fail(
          ErrorCode::resource_exhausted,
          fmt::format("cannot write to {}: the disk is full; free some space and try again", name));
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return fail(ErrorCode::unavailable,
                  fmt::format("another program has locked {}; end it and try again", name));
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      if (const int number = sqlite3_system_errno(connection); number != 0) {
        return system_failure(fmt::format("{}: {}", name, reason), number);
      }
      [[fallthrough]];
    default:
      return fail(ErrorCode::internal, fmt::format("{}: {}", name, reason));
  }
}

Transaction::~Transaction() {
  if (database_.in_transaction()) (void)database_.execute("ROLLBACK");
}

}  // namespace hpvmnet
