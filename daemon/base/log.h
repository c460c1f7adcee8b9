#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "base/log_subject.h"

namespace hpvmnet {

/// For whom a line is.
enum class LogLevel : unsigned char {
  debug,    ///< developers: steps inside one operation
  info,     ///< administrators, later: what changed
  warning,  ///< administrators, today: something is wrong that the daemon copes with
  error,    ///< administrators, now: something does not work
};

/// Where log lines go. Any thread but a worker in the packet path may write.
class Log {
 public:
  virtual ~Log() = default;
  virtual void write(LogLevel level, std::string_view line) = 0;

  /// Writes a line that says what it is about. A log without fields puts the name in front.
  virtual void write_about(const LogSubject& subject, LogLevel level, std::string_view line) {
    write(level, fmt::format("{}: {}", subject.text(), line));
  }

  template <class... Args>
  void debug(fmt::format_string<Args...> form, Args&&... args) {
    write(LogLevel::debug, fmt::format(form, std::forward<Args>(args)...));
  }
  template <class... Args>
  void info(fmt::format_string<Args...> form, Args&&... args) {
    write(LogLevel::info, fmt::format(form, std::forward<Args>(args)...));
  }
  template <class... Args>
  void warning(fmt::format_string<Args...> form, Args&&... args) {
    write(LogLevel::warning, fmt::format(form, std::forward<Args>(args)...));
  }
  template <class... Args>
  void error(fmt::format_string<Args...> form, Args&&... args) {
    write(LogLevel::error, fmt::format(form, std::forward<Args>(args)...));
  }
};

}  // namespace hpvmnet
