#include "remote/listener.h"

#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "remote/address.h"

namespace hpvmnet {
namespace {

using namespace std::chrono_literals;

constexpr int kAtOnce = 16;  // other work of the control thread comes between
constexpr auto kRest = 1s;

std::string local_address(const Fd& socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size);
  return to_text(address);
}

// Packets that nobody acknowledges do not wait for hours.
void set_patience(const Fd& connection) {
  const unsigned milliseconds = 30'000;
  ::setsockopt(connection.get(), IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, sizeof milliseconds);
  const int on = 1;
  ::setsockopt(connection.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

bool is_out_of_resources(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

}  // namespace

Listener::Listener(EventLoop& loop, Connections& connections, Log& log, Take take)
    : loop_(loop), connections_(connections), log_(log), take_(std::move(take)) {}

Status Listener::listen(const std::string& host_and_port) {
  auto sockets = listen_on(host_and_port);
  if (!sockets) return tl::unexpected(sockets.error());
  for (Fd& socket : *sockets) {
    log_.info("serves remote clients on {}", local_address(socket));
    open(doors_.emplace_back(Door{std::move(socket), nullptr}));
  }
  return {};
}

void Listener::open(Door& door) {
  door.watch = loop_.watch_readable(door.socket.get(), [this, &door] { accept(door); });
}

void Listener::accept(Door& door) {
  for (int i = 0; i < kAtOnce; ++i) {
    sockaddr_storage from{};
    socklen_t size = sizeof from;
    Fd connection(::accept4(door.socket.get(), reinterpret_cast<sockaddr*>(&from), &size,
                            SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!connection) {
      if (is_out_of_resources(errno)) rest(door);
      return;
    }
    set_patience(connection);
    if (connections_.admit(connection.get(), to_text(from))) take_(std::move(connection));
  }
}

// A connection that cannot be taken would keep the loop busy.
void Listener::rest(Door& door) {
  log_.error("cannot take a connection: {}; goes on in a second",
             std::generic_category().message(errno));
  door.watch.reset();
  rested_ = loop_.after(kRest, [this] {
    for (Door& each : doors_) {
      if (!each.watch) open(each);
    }
  });
}

}  // namespace hpvmnet
