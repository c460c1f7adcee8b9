#pragma once

#include <filesystem>
#include <mutex>

#include "base/fd.h"
#include "base/log.h"
#include "rpc/audit.h"

namespace hpvmnet {

/// Appends a line of JSON (hpvmnet.v1.AuditRecord) to a file for each record, and tells it in the
/// daemon's log, marked "audit:". A file that cannot be written stops nobody's work; the log says
/// so once.
class AuditLog : public Audit {
 public:
  /// `log` outlives it.
  AuditLog(std::filesystem::path file, Log& log);

  void record(const std::string& who, const Asked& call,
              const std::optional<Error>& refusal) override;

  /// Goes on in the file that has the name now, after others have moved the old one away.
  void reopen();

 private:
  void append(const std::string& line);
  void open();

  std::filesystem::path path_;
  Log& log_;
  std::mutex lock_;
  Fd file_;
  bool failed_ = false;
};

}  // namespace hpvmnet
