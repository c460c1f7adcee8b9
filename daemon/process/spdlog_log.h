#pragma once

#include <memory>
#include <string_view>

#include "base/log.h"

namespace spdlog {
class logger;
}

namespace hpvmnet {

/// Writes lines to standard error, each with time and level. Control characters become spaces, so
/// that nothing a peer says can look like another line.
class SpdlogLog : public Log {
 public:
  /// Lines below `least` are left out.
  explicit SpdlogLog(LogLevel least);
  ~SpdlogLog() override;

  void write(LogLevel level, std::string_view line) override;

 private:
  std::unique_ptr<spdlog::logger> logger_;
};

}  // namespace hpvmnet
