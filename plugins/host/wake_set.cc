#include "host/wake_set.h"

#include <cerrno>

#include <sys/epoll.h>

namespace hpvmnet::host {

Result<WakeSet> WakeSet::make(int socket) {
  Fd set(::epoll_create1(EPOLL_CLOEXEC));
  if (!set) return system_failure("cannot wait for frames", errno);
  return WakeSet(std::move(set), socket);
}

int WakeSet::arm(bool space) noexcept {
  const int error = control(EPOLL_CTL_ADD, space);
  armed_ = error == 0;
  return error;
}

int WakeSet::let_go() noexcept {
  armed_ = false;
  return control(EPOLL_CTL_DEL, false);
}

int WakeSet::want_space(bool space) noexcept { return armed_ ? control(EPOLL_CTL_MOD, space) : 0; }

int WakeSet::control(int operation, bool space) noexcept {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLET;
  if (space) event.events |= EPOLLOUT;
  return ::epoll_ctl(set_.get(), operation, socket_, &event) == 0 ? 0 : errno;
}

}  // namespace hpvmnet::host
