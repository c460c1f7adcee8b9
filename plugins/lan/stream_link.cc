#include "lan/stream_link.h"

#include <cerrno>
#include <utility>

#include <poll.h>
#include <sys/socket.h>

#include "lan/lend.h"

namespace hpvmnet::lan {

Result<std::unique_ptr<Link>> StreamLink::make(Fd socket, Signal& ended) {
  return host::WakeSet::make(socket.get())
      .map([&](host::WakeSet wake_set) -> std::unique_ptr<Link> {
        return std::unique_ptr<Link>(new StreamLink(std::move(socket), std::move(wake_set), ended));
      });
}

StreamLink::StreamLink(Fd socket, host::WakeSet wake_set, Signal& ended)
    : Link(ended),
      socket_(std::move(socket)),
      memory_(kReadSize),
      reader_({&memory_[0], memory_.size()}),
      egress_(socket_.get(), std::move(wake_set), ending()) {}

void StreamLink::receive(Burst& burst, Tally& /*tally*/) noexcept {
  if (std::exchange(asleep_, false)) egress_.disarm();
  egress_.flush();
  if (reader_.front() == FrameReader::Front::incomplete && rest_.is_over()) read();
  while (burst.room() > 0 && reader_.front() == FrameReader::Front::frame) {
    lend(reader_.pop(), burst);
  }
  if (reader_.front() == FrameReader::Front::impossible) {
    ending().impossible_length(reader_.front_length());
  }
}

// The wake set tells of what has arrived before it was armed, too.
Wait StreamLink::park() noexcept {
  if (reader_.front() == FrameReader::Front::frame) return Wait::nothing;
  rest_.end();
  if (!ending().happened() && !std::exchange(asleep_, true)) egress_.arm();
  return Wait::input;
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
