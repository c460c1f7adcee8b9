#pragma once

#include <csignal>
#include <ctime>

namespace hpvmnet::cli {

/// While it lives, Ctrl-C and SIGTERM do not end the process but are kept until it asks for them,
/// so that what it writes gets an end. Made before other threads, which must not get them either.
class EndSignals {
 public:
  EndSignals() {
    ::sigemptyset(&signals_);
    ::sigaddset(&signals_, SIGINT);
    ::sigaddset(&signals_, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &signals_, &before_);
  }
  ~EndSignals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  EndSignals(const EndSignals&) = delete;
  EndSignals& operator=(const EndSignals&) = delete;

  /// Whether there was one since the last call.
  bool received() const {
    constexpr timespec kNoTime{};
    return ::sigtimedwait(&signals_, nullptr, &kNoTime) > 0;
  }

 private:
  sigset_t signals_{};
  sigset_t before_{};
};

}  // namespace hpvmnet::cli
