#pragma once

#include <cstddef>

#include "base/log.h"
#include "base/result.h"
#include "store/database.h"

namespace hpvmnet {

/// Refuses a database that cannot be trusted or that a newer hpvmnetd has written. Changes nothing.
Status check_schema(Database& database);

/// Brings the database to the current version, whole or not at all.
Status migrate(Database& database, Log& log);

}  // namespace hpvmnet
