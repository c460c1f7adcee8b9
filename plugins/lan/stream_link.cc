#include "lan/stream_link.h"

#include <cerrno>

#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "lan/lend.h"
#include "lan/unix_socket.h"

namespace hpvmnet::lan {

Result<std::unique_ptr<Link>> StreamLink::make(Fd socket, Signal& ended) {
  Fd wake_set(::epoll_create1(EPOLL_CLOEXEC));
  epoll_event event{};
  event.events = EPOLLIN | EPOLLET;
  if (!wake_set || ::epoll_ctl(wake_set.get(), EPOLL_CTL_ADD, socket.get(), &event) != 0) {
    return system_failure("cannot wait for a guest's frames", errno);
  }
  return std::unique_ptr<Link>(new StreamLink(std::move(socket), std::move(wake_set), ended));
}

StreamLink::StreamLink(Fd socket, Fd wake_set, Signal& ended)
    : Link(ended),
      socket_(std::move(socket)),
      wake_set_(std::move(wake_set)),
      memory_(kReadSize),
      reader_({&memory_[0], memory_.size()}),
      egress_(socket_.get(), wake_set_.get(), ending()) {}

void StreamLink::receive(Burst& burst, Tally& /*tally*/) noexcept {
  egress_.flush();
  if (reader_.front() == FrameReader::Front::incomplete && rest_.is_over()) read();
  while (burst.room() > 0 && reader_.front() == FrameReader::Front::frame) {
    lend(reader_.pop(), burst);
  }
  if (reader_.front() == FrameReader::Front::impossible) {
    ending().impossible_length(reader_.front_length());
  }
}

Wait StreamLink::park() noexcept {
  if (ending().happened()) return Wait::input;
  if (reader_.front() == FrameReader::Front::incomplete && !input_waits(socket_.get())) {
    return Wait::input;
  }
  rest_.end();
  return Wait::nothing;
}

bool StreamLink::peer_alive() const noexcept {
  pollfd state{socket_.get(), POLLRDHUP, 0};
  return ::poll(&state, 1, 0) == 0;
}

void StreamLink::read() noexcept {
  const std::span<std::byte> room = reader_.room();
  ssize_t got = 0;
  do {
    got = ::recv(socket_.get(), room.data(), room.size(), MSG_DONTWAIT);
  } while (got < 0 && errno == EINTR);
  if (got > 0) {
    reader_.take(static_cast<std::size_t>(got));
    return;
  }
  if (got == 0 || errno == ECONNRESET) {
    ending().closed_by_peer();
  } else if (errno != EAGAIN && errno != ENOMEM && errno != ENOBUFS) {
    ending().failed(errno);
  }
  rest_.begin();
}

}  // namespace hpvmnet::lan
