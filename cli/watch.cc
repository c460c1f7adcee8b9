#include "cli/watch.h"

#include <array>
#include <cerrno>
#include <system_error>

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace hpvmnet::cli {
namespace {

constexpr short kGone = POLLERR | POLLHUP | POLLNVAL;

}  // namespace

Watch::Watch(std::chrono::milliseconds interval) : interval_(interval) {
  sigset_t enough;
  ::sigemptyset(&enough);
  ::sigaddset(&enough, SIGINT);
  ::sigaddset(&enough, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &enough, &before_);
  signals_ = ::signalfd(-1, &enough, SFD_CLOEXEC | SFD_NONBLOCK);
  if (signals_ < 0) throw std::system_error(errno, std::generic_category(), "signalfd");
  ::signal(SIGPIPE, SIG_IGN);  // writing says so
}

Watch::~Watch() {
  signalfd_siginfo taken{};  // what ended a wait must not end the process now
  while (::read(signals_, &taken, sizeof taken) > 0) continue;
  ::close(signals_);
  ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

bool Watch::wait() const {
  std::array<pollfd, 2> ends{pollfd{signals_, POLLIN, 0}, pollfd{STDOUT_FILENO, 0, 0}};
  return ::poll(ends.data(), ends.size(), static_cast<int>(interval_.count())) == 0;
}

bool Watch::reader_gone() {
  pollfd out{STDOUT_FILENO, 0, 0};
  return ::poll(&out, 1, 0) == 1 && (out.revents & kGone) != 0;
}

}  // namespace hpvmnet::cli
