#include "store/schema.h"

#include <cstdint>
#include <string>

#include <fmt/format.h>

#include "store/database_file.h"
#include "store/migrations.h"

namespace hpvmnet {
namespace {

Result<std::int64_t> version_of(Database& database) {
  const auto rows = database.query("PRAGMA user_version");
  if (!rows) return tl::unexpected(rows.error());
  return std::get<std::int64_t>(rows->at(0).at(0));
}

Status check_version(Database& database) {
  const auto version = version_of(database);
  if (!version) return tl::unexpected(version.error());
  const auto newest = static_cast<std::int64_t>(migrations().size());
  if (*version <= 0) return damaged(database.file(), fmt::format("it has version {}", *version));
  if (*version <= newest) return {};
  return fail(ErrorCode::failed_precondition,
              fmt::format("{} was written by a newer hpvmnetd (its version is {}, this one knows "
                          "versions up to {}); it was left as it is: install the newer hpvmnetd "
                          "again, or move the database away and put an older copy in its place",
                          database.file().native(), *version, newest));
}

Status check_pages(Database& database) {
  const auto rows = database.query("PRAGMA integrity_check(1)");
  if (!rows) return tl::unexpected(rows.error());
  const auto* answer = rows->empty() ? nullptr : std::get_if<std::string>(&rows->at(0).at(0));
  if (answer != nullptr && *answer == "ok") return {};
  return damaged(database.file(), answer == nullptr ? "its check failed" : *answer);
}

Status check_references(Database& database) {
  const auto rows = database.query("SELECT \"table\", parent FROM pragma_foreign_key_check");
  if (!rows) return tl::unexpected(rows.error());
  if (rows->empty()) return {};
  return damaged(database.file(), fmt::format("a row of {} names one of {} that is missing",
                                              std::get<std::string>(rows->front().at(0)),
                                              std::get<std::string>(rows->front().at(1))));
}

}  // namespace

Status check_schema(Database& database) {
  if (auto status = check_version(database); !status) return status;
  if (auto status = check_pages(database); !status) return status;
  return check_references(database);
}

Status migrate(Database& database, Log& log) {
  const auto version = version_of(database);
  if (!version) return tl::unexpected(version.error());
  const auto newest = static_cast<std::int64_t>(migrations().size());
  if (*version == newest) return {};
  Transaction transaction(database);
  if (auto status = transaction.begin(); !status) return status;
  for (const char* statements : migrations().subspan(static_cast<std::size_t>(*version))) {
    if (auto status = database.execute(statements); !status) return status;
  }
  if (auto status = check_references(database); !status) return status;
  if (auto status = database.execute(fmt::format("PRAGMA user_version = {}", newest)); !status) {
    return status;
  }
  if (auto status = transaction.commit(); !status) return status;
  if (*version > 0) {
    log.info("{} was brought from version {} to {}", database.file().native(), *version, newest);
  }
  return {};
}

}  // namespace hpvmnet
