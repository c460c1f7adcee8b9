#include "support/lan_peer.h"

#include <cerrno>
#include <system_error>

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/unix_address.h"

namespace hpvmnet::test {

namespace {

constexpr std::size_t kLongestDatagram = 1 << 17;

}  // namespace

Bytes LanPeer::encode(ByteView frame) {
  const std::uint32_t length = htonl(static_cast<std::uint32_t>(frame.size()));
  Bytes bytes;
  append(bytes, bytes_of(length));
  append(bytes, frame);
  return bytes;
}

std::optional<Bytes> LanPeer::receive(Milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  if (!have(sizeof(std::uint32_t), end)) return std::nullopt;
  const std::size_t whole = sizeof(std::uint32_t) + ntohl(value_from<std::uint32_t>(arrived_));
  if (!have(whole, end)) return std::nullopt;
  const auto begin = arrived_.begin();
  Bytes frame(begin + sizeof(std::uint32_t), begin + static_cast<std::ptrdiff_t>(whole));
  arrived_.erase(begin, begin + static_cast<std::ptrdiff_t>(whole));
  return frame;
}

bool LanPeer::have(std::size_t count, std::chrono::steady_clock::time_point end) {
  if (arrived_.size() >= count) return true;
  const auto left = std::chrono::ceil<Milliseconds>(end - std::chrono::steady_clock::now());
  return socket_.read_exactly(count - arrived_.size(), std::max(left, Milliseconds(0)), arrived_) ==
         PeerSocket::Outcome::complete;
}

LanDatagramPeer::LanDatagramPeer(std::filesystem::path local, std::filesystem::path remote)
    : local_(std::move(local)),
      remote_(std::move(remote)),
      socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
  const sockaddr_un address = unix_address(local_);
  if (!socket_ ||
      ::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::system_error(errno, std::generic_category(), local_.string());
  }
}

LanDatagramPeer::~LanDatagramPeer() { ::unlink(local_.c_str()); }

bool LanDatagramPeer::send(ByteView frame) {
  const sockaddr_un address = unix_address(remote_);
  return ::sendto(socket_.get(), frame.data(), frame.size(), MSG_NOSIGNAL,
                  reinterpret_cast<const sockaddr*>(&address),
                  sizeof address) == static_cast<ssize_t>(frame.size());
}

std::optional<Bytes> LanDatagramPeer::receive(Milliseconds limit) {
  pollfd waited{socket_.get(), POLLIN, 0};
  if (::poll(&waited, 1, static_cast<int>(limit.count())) <= 0) return std::nullopt;
  Bytes frame(kLongestDatagram);
  const ssize_t got = ::recv(socket_.get(), frame.data(), frame.size(), 0);
  if (got < 0) return std::nullopt;
  frame.resize(static_cast<std::size_t>(got));
  return frame;
}

}  // namespace hpvmnet::test
