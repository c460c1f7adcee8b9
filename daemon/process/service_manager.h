#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace hpvmnet {

/// What systemd, or whatever started the daemon in its manner (`$NOTIFY_SOCKET`), hears of its
/// state. Where nobody listens, nothing is said. Does not block for long.
class ServiceManager {
 public:
  /// `status` is a line for `systemctl status`.
  void ready(std::string_view status);
  void stopping();
  /// Replaces the line.
  void describe(std::string_view status);

  /// The time within which it wants to hear alive() again and again; none: it does not care.
  static std::optional<std::chrono::microseconds> patience();
  void alive();
};

}  // namespace hpvmnet
