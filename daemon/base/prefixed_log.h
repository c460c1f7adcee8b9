#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/log.h"

namespace hpvmnet {

/// Puts the name of an object before each line about it: "vswitch blue port 3: ...".
class PrefixedLog : public Log {
 public:
  /// `to` outlives it.
  PrefixedLog(Log& to, std::string prefix) : to_(to), prefix_(std::move(prefix)) {}

  void write(LogLevel level, std::string_view line) override {
    to_.write(level, fmt::format("{}: {}", prefix_, line));
  }

 private:
  Log& to_;
  std::string prefix_;
};

}  // namespace hpvmnet
