#pragma once

#include <filesystem>
#include <memory>

#include "base/log.h"
#include "base/result.h"
#include "control/model.h"
#include "store/database.h"
#include "store/state_directory.h"

namespace hpvmnet {

/// Keeps the desired state in STATE-DIR/hpvmnet.db, across restarts and crashes. Control thread
/// only.
class Store {
 public:
  /// Claims the directory `path`, which is made where it is missing, and opens its database: a new
  /// one holds initial_model(), one of an older version is brought to the current one. A database
  /// that is damaged, of a newer version or another program's is refused and left as it is. `log`
  /// is used during the call alone.
  static Result<std::unique_ptr<Store>> open(const std::filesystem::path& path, Log& log);

  /// The state that was saved last.
  Result<Model> load();

  /// Replaces `from`, the state that was loaded or saved last, by `to`. Returns when that is
  /// durable; on error `from` is still what the store holds.
  Status save(const Model& from, const Model& to);

 private:
  Store(StateDirectory directory, Database database)
      : directory_(std::move(directory)), database_(std::move(database)) {}

  StateDirectory directory_;  ///< outlives the database: locked until that is closed
  Database database_;
};

}  // namespace hpvmnet
