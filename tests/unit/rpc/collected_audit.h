#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "rpc/audit.h"

namespace hpvmnet {

/// Keeps records for a test to look at. Any thread.
class CollectedAudit : public Audit {
 public:
  struct Record {
    std::string who;
    Asked call;
    std::optional<Error> refusal;
  };

  void record(const std::string& who, const Asked& call,
              const std::optional<Error>& refusal) override {
    const std::lock_guard guard(lock_);
    records_.push_back({who, call, refusal});
  }

  std::vector<Record> records() const {
    const std::lock_guard guard(lock_);
    return records_;
  }

 private:
  mutable std::mutex lock_;
  std::vector<Record> records_;
};

}  // namespace hpvmnet
