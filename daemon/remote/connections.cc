#include "remote/connections.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/socket.h>

namespace hpvmnet {
namespace {

// Whoever knocks often fills no log.
constexpr std::chrono::seconds kBetweenLines{10};

Fd make_epoll() {
  Fd epoll(::epoll_create1(EPOLL_CLOEXEC));
  if (epoll) return epoll;
  std::perror("epoll_create1");
  std::abort();
}

}  // namespace

Connections::Connections(EventLoop& loop, Log& log, const ConnectionLimits& limits)
    : loop_(loop),
      log_(log),
      limits_(limits),
      ends_(make_epoll()),
      ending_(loop.watch_readable(ends_.get(), [this] { observe_ends(); })),
      told_(Clock::now() - kBetweenLines) {}

Connections::~Connections() = default;

bool Connections::admit(int socket, const std::string& peer) {
  const std::lock_guard guard(lock_);
  // The network has ended one of the same name already, or there would be no other.
  if (const auto gone = find(peer); gone != connections_.end()) cut(gone);
  if (connections_.size() >= limits_.most && !make_room()) {
    tell(peer, "turned away: all connections are in use");
    return false;
  }
  Fd own(::fcntl(socket, F_DUPFD_CLOEXEC, 0));
  epoll_event event{};
  event.events = EPOLLRDHUP;  // and EPOLLHUP, EPOLLERR
  event.data.fd = own.get();
  if (!own || ::epoll_ctl(ends_.get(), EPOLL_CTL_ADD, own.get(), &event) != 0) {
    tell(peer, "turned away: no descriptors are left");
    return false;
  }
  connections_.push_back({std::move(own), peer, Clock::now(), std::nullopt, {}});
  if (!checking_) checking_ = loop_.every(limits_.check, [this] { check(); });
  return true;
}

bool Connections::make_room() {
  const auto stranger = std::ranges::find_if(
      connections_, [](const Connection& one) { return !one.role.has_value(); });
  if (stranger == connections_.end()) return false;
  tell(stranger->peer, "cut off to make room: it had not shown who it is");
  cut(stranger);
  return true;
}

// The duplicate stays in the epoll set until the last descriptor of the connection is closed, which
// may be its user's.
Connections::List::iterator Connections::cut(List::iterator connection) {
  ::epoll_ctl(ends_.get(), EPOLL_CTL_DEL, connection->socket.get(), nullptr);
  ::shutdown(connection->socket.get(), SHUT_RDWR);
  return connections_.erase(connection);
}

void Connections::observe_ends() {
  std::array<epoll_event, 64> ended{};
  const int count = ::epoll_wait(ends_.get(), ended.data(), static_cast<int>(ended.size()), 0);
  const std::lock_guard guard(lock_);
  for (int i = 0; i < count; ++i) {
    const int socket = ended.at(static_cast<std::size_t>(i)).data.fd;
    const auto found = std::ranges::find_if(
        connections_, [socket](const Connection& one) { return one.socket.get() == socket; });
    if (found != connections_.end()) cut(found);
  }
}

const char* Connections::excess_of(const Connection& connection, Clock::time_point now) const {
  for (const auto& [call, waits_since] : connection.calls) {
    if (waits_since && now - *waits_since > limits_.unread) {
      return "cut off: it does not read its answers";
    }
  }
  if (!connection.calls.empty()) return nullptr;
  const auto silent = now - connection.since;
  if (!connection.role && silent > limits_.unknown) {
    return "cut off: it did not show in time who it is";
  }
  return silent > limits_.idle ? "cut off: it has been idle for too long" : nullptr;
}

void Connections::check() {
  const std::lock_guard guard(lock_);
  const auto now = Clock::now();
  for (auto at = connections_.begin(); at != connections_.end();) {
    const char* excess = excess_of(*at, now);
    if (excess != nullptr) tell(at->peer, excess);
    at = excess != nullptr ? cut(at) : std::next(at);
  }
  if (connections_.empty()) checking_.reset();
}

Connections::List::iterator Connections::find(const std::string& peer) {
  return std::ranges::find(connections_, peer, &Connection::peer);
}

void Connections::call_began(const std::string& peer, const void* call, Access access) {
  const std::lock_guard guard(lock_);
  const auto connection = find(peer);
  if (connection == connections_.end()) return;
  connection->role = access;
  connection->calls.emplace(call, std::nullopt);
  const auto observers =
      std::ranges::count(connections_, std::optional(Access::look), &Connection::role);
  if (access == Access::look && static_cast<std::size_t>(observers) * 4 > limits_.most * 3) {
    tell(peer, "cut off: observers have their share of the connections");
    ::shutdown(connection->socket.get(), SHUT_RDWR);  // its end is observed
  }
}

void Connections::call_ended(const std::string& peer, const void* call) {
  const std::lock_guard guard(lock_);
  const auto connection = find(peer);
  if (connection == connections_.end()) return;
  connection->calls.erase(call);
  connection->since = Clock::now();
}

void Connections::write_began(const std::string& peer, const void* call) {
  const std::lock_guard guard(lock_);
  const auto connection = find(peer);
  if (connection != connections_.end()) connection->calls.insert_or_assign(call, Clock::now());
}

void Connections::write_ended(const std::string& peer, const void* call) {
  const std::lock_guard guard(lock_);
  const auto connection = find(peer);
  if (connection != connections_.end()) connection->calls.insert_or_assign(call, std::nullopt);
}

std::size_t Connections::count() const {
  const std::lock_guard guard(lock_);
  return connections_.size();
}

void Connections::tell(const std::string& peer, const char* what) {
  const auto now = Clock::now();
  if (now - told_ < kBetweenLines) {
    ++untold_;
    return;
  }
  const std::string more =
      untold_ == 0 ? "" : fmt::format(" ({} such lines left out before)", untold_);
  log_.warning("remote client {}: {}{}", peer, what, more);
  told_ = now;
  untold_ = 0;
}

}  // namespace hpvmnet
