#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "rpc/call.h"

namespace hpvmnet {

/// Remembers who has changed what. Any thread.
class Audit {
 public:
  virtual ~Audit() = default;

  /// `who` called, and this became of it: a change, or a refusal.
  virtual void record(const std::string& who, const Asked& call,
                      const std::optional<Error>& refusal) = 0;
};

}  // namespace hpvmnet
