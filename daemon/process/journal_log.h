#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"

namespace hpvmnet {

/// Writes lines to systemd's journal, each with fields to search by: PRIORITY, HPVMNET_VSWITCH,
/// HPVMNET_PORT. Control characters become spaces, so that a line is one line everywhere.
class JournalLog : public Log {
 public:
  /// Lines below `least` are left out.
  explicit JournalLog(LogLevel least) : least_(least) {}

  void write(LogLevel level, std::string_view line) override { write_about({}, level, line); }
  void write_about(const LogSubject& subject, LogLevel level, std::string_view line) override;

 private:
  const LogLevel least_;
};

/// The entry that such a line becomes: its fields, each "NAME=value".
std::vector<std::string> journal_entry(const LogSubject& subject, LogLevel level,
                                       std::string_view line);

}  // namespace hpvmnet
