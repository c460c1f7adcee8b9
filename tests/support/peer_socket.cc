#include "support/peer_socket.h"

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>
#include <thread>

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include "support/unix_address.h"

namespace hpvmnet::test {
namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void system_error(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

// Whether `events` came before `end`. A negative rest is a look without waiting.
bool wait_for(int descriptor, short events, Clock::time_point end) {
  const auto left = std::chrono::ceil<Milliseconds>(end - Clock::now()).count();
  pollfd waited{descriptor, events, 0};
  return ::poll(&waited, 1, static_cast<int>(std::max<std::int64_t>(left, 0))) > 0;
}

bool connection_lost(int number) { return number == ECONNRESET || number == EPIPE; }

}  // namespace

PeerSocket PeerSocket::connect(const std::filesystem::path& path, Milliseconds limit) {
  const sockaddr_un address = unix_address(path);
  const auto end = Clock::now() + limit;
  for (;;) {
    Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!socket) system_error("socket");
    if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
      return PeerSocket(std::move(socket));
    }
    if (Clock::now() >= end) {
      throw std::runtime_error(fmt::format("{}: {}", path.string(), std::strerror(errno)));
    }
    std::this_thread::sleep_for(Milliseconds(2));
  }
}

bool PeerSocket::send(ByteView bytes, const std::vector<int>& descriptors, Milliseconds limit) {
  const auto end = Clock::now() + limit;
  std::vector<char> control(CMSG_SPACE(descriptors.size() * sizeof(int)));
  bool first = true;
  while (!bytes.empty()) {
    iovec piece{const_cast<std::byte*>(bytes.data()), bytes.size()};
    msghdr header{};
    header.msg_iov = &piece;
    header.msg_iovlen = 1;
    if (first && !descriptors.empty()) {
      header.msg_control = control.data();
      header.msg_controllen = control.size();
      cmsghdr* rights = CMSG_FIRSTHDR(&header);
      rights->cmsg_level = SOL_SOCKET;
      rights->cmsg_type = SCM_RIGHTS;
      rights->cmsg_len = CMSG_LEN(descriptors.size() * sizeof(int));
      std::memcpy(CMSG_DATA(rights), descriptors.data(), descriptors.size() * sizeof(int));
    }
    const ssize_t sent = ::sendmsg(socket_.get(), &header, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) {
      first = false;
      bytes = bytes.subspan(static_cast<std::size_t>(sent));
    } else if (connection_lost(errno)) {
      return false;
    } else if (errno == EAGAIN) {
      if (!wait_for(socket_.get(), POLLOUT, end)) return false;
    } else if (errno != EINTR) {
      system_error("sendmsg");
    }
  }
  return true;
}

PeerSocket::Outcome PeerSocket::read_some(std::size_t most, Milliseconds limit, Bytes& append_to) {
  if (!wait_for(socket_.get(), POLLIN, Clock::now() + limit)) return Outcome::late;
  const std::size_t before = append_to.size();
  append_to.resize(before + most);
  const ssize_t got = ::recv(socket_.get(), append_to.data() + before, most, MSG_DONTWAIT);
  const int number = errno;
  append_to.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  if (got > 0) return Outcome::complete;
  if (got == 0 || connection_lost(number)) return Outcome::closed;
  if (number == EAGAIN || number == EINTR) return Outcome::late;
  throw std::system_error(number, std::generic_category(), "recv");
}

PeerSocket::Outcome PeerSocket::read_exactly(std::size_t count, Milliseconds limit,
                                             Bytes& append_to) {
  const auto end = Clock::now() + limit;
  const std::size_t goal = append_to.size() + count;
  while (append_to.size() < goal) {
    const auto left = std::chrono::ceil<Milliseconds>(end - Clock::now());
    const Outcome outcome =
        read_some(goal - append_to.size(), std::max(left, Milliseconds(0)), append_to);
    if (outcome == Outcome::closed) return outcome;
    if (outcome == Outcome::late && Clock::now() >= end) return outcome;
  }
  return Outcome::complete;
}

bool PeerSocket::wait_closed(Milliseconds limit) {
  const auto end = Clock::now() + limit;
  Bytes thrown_away;
  do {
    const auto left = std::chrono::ceil<Milliseconds>(end - Clock::now());
    if (read_some(4096, std::max(left, Milliseconds(0)), thrown_away) == Outcome::closed) {
      return true;
    }
    thrown_away.clear();
  } while (Clock::now() < end);
  return false;
}

}  // namespace hpvmnet::test
