#pragma once

#include <chrono>

#include <signal.h>

namespace hpvmnet::cli {

/// Waits between two looks at something, until the user has seen enough: SIGINT, SIGTERM, or nobody
/// reads standard output any longer. While it lives those signals end waits, not the process. Made
/// before other threads are, whose signals they would be otherwise.
class Watch {
 public:
  explicit Watch(std::chrono::milliseconds interval);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  /// Waits for one interval. False: it is enough.
  bool wait() const;

  /// Whether the reader of standard output has gone, so that nothing can be written.
  static bool reader_gone();

 private:
  std::chrono::milliseconds interval_;
  int signals_ = -1;
  sigset_t before_{};
};

}  // namespace hpvmnet::cli
