#pragma once

#include <optional>
#include <string>

#include <fmt/format.h>

namespace hpvmnet {

/// What log lines are about.
struct LogSubject {
  std::string vswitch{};           ///< name; empty: none
  std::optional<unsigned> port{};  ///< on that vswitch

  /// "vswitch blue port 3"; empty where there is none.
  std::string text() const {
    if (vswitch.empty()) return {};
    return port ? fmt::format("vswitch {} port {}", vswitch, *port)
                : fmt::format("vswitch {}", vswitch);
  }
};

}  // namespace hpvmnet
