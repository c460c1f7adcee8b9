#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"

namespace hpvmnet::test {

/// Keeps the newest log lines for a test to look at. Any thread.
class CollectingLog : public Log {
 public:
  void write(LogLevel level, std::string_view line) override {
    const std::lock_guard guard(lock_);
    lines_.emplace_back(level, line);
    if (lines_.size() > kKept) lines_.pop_front();
  }

  /// Lines of at least this level so far, in order.
  std::vector<std::string> lines(LogLevel least) const {
    const std::lock_guard guard(lock_);
    std::vector<std::string> result;
    for (const auto& [level, line] : lines_) {
      if (level >= least) result.push_back(line);
    }
    return result;
  }

  /// Whether some line contains `part`.
  bool contains(std::string_view part) const {
    return std::ranges::any_of(lines(LogLevel::debug), [&](const std::string& line) {
      return line.find(part) != std::string::npos;
    });
  }

 private:
  static constexpr std::size_t kKept = 1000;

  mutable std::mutex lock_;
  std::deque<std::pair<LogLevel, std::string>> lines_;
};

}  // namespace hpvmnet::test
