#pragma once

#include <string_view>
#include <utility>

#include "base/log.h"
#include "base/log_subject.h"

namespace hpvmnet {

/// A log for lines about one object, whose name they carry: "vswitch blue port 3: ...".
class SubjectLog : public Log {
 public:
  /// `to` outlives it.
  SubjectLog(Log& to, LogSubject subject) : to_(to), subject_(std::move(subject)) {}

  void write(LogLevel level, std::string_view line) override {
    to_.write_about(subject_, level, line);
  }

 private:
  Log& to_;
  const LogSubject subject_;
};

}  // namespace hpvmnet
