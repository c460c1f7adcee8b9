#include "lan/listening_port.h"

#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lan/datagram_link.h"
#include "lan/unix_socket.h"

namespace hpvmnet::lan {
namespace {

constexpr std::chrono::seconds kLookPeriod{1};
constexpr int kBacklog = 16;

Result<Fd> listen_at(const std::filesystem::path& path, const SocketAccess& access) {
  Result<Fd> socket = bind_socket(path, SOCK_STREAM, access);
  if (socket && ::listen(socket->get(), kBacklog) != 0) {
    const int number = errno;
    ::unlink(path.c_str());
    return system_failure(fmt::format("cannot listen on {}", path.native()), number);
  }
  return socket;
}

}  // namespace

Status ListeningPort::check(const PortSpec& spec) {
  for (const auto& path :
       {spec.socket(), DatagramEnd::own_path(spec), DatagramEnd::peer_path(spec)}) {
    const Status fits =
        check_socket_path(path, "choose a shorter run directory or name of the vswitch");
    if (!fits) return fits;
  }
  return {};
}

Result<std::unique_ptr<Port>> ListeningPort::open(const PortSpec& spec, PortHost& host) {
  Result<Fd> listener = listen_at(spec.socket(), spec.access);
  if (!listener) return tl::unexpected(listener.error());
  auto datagrams = DatagramEnd::open(spec);
  if (!datagrams) {
    ::unlink(spec.socket().c_str());
    return tl::unexpected(datagrams.error());
  }
  return std::unique_ptr<Port>(
      new ListeningPort(spec, host, *std::move(listener), *std::move(datagrams)));
}

ListeningPort::ListeningPort(const PortSpec& spec, PortHost& host, Fd listener,
                             std::unique_ptr<DatagramEnd> datagrams)
    : host_(host),
      path_(spec.socket()),
      listener_(std::move(listener)),
      datagrams_(std::move(datagrams)),
      attachment_(host, [this] { look_around(); }) {
  timer_ = host_.loop().every(kLookPeriod, [this] { look_around(); });
  look_around();
}

ListeningPort::~ListeningPort() { ::unlink(path_.c_str()); }

void ListeningPort::watch_for_guests() {
  if (!listener_watch_) {
    listener_watch_ = host_.loop().watch_readable(listener_.get(), [this] { connection_waits(); });
  }
  if (attachment_.present()) {
    datagram_watch_.reset();
  } else if (!datagram_watch_) {
    datagram_watch_ =
        host_.loop().watch_readable(datagrams_->socket(), [this] { datagram_waits(); });
  }
}

void ListeningPort::connection_waits() {
  Fd connection(::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!connection) {
    if (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED) return;
    host_.log().error("cannot accept a guest's connection: {}",
                      std::generic_category().message(errno));
    listener_watch_.reset();  // until the next look around
    return;
  }
  // A hypervisor that starts again may be faster than the worker that finds its old connection.
  if (attachment_.present() && !attachment_.link().peer_alive()) attachment_.detach("it has gone");
  if (attachment_.present()) {
    refuse(fmt::format("a connection of process {}", peer_process(connection.get())));
    return;
  }
  by_datagrams_ = false;
  attachment_.attach_stream(std::move(connection), "stream");
  watch_for_guests();
}

void ListeningPort::datagram_waits() {
  try_datagrams();
  if (attachment_.present()) return;
  datagrams_->drain();
  datagram_watch_.reset();  // until the next look around: strangers may go on sending
  refuse(fmt::format("datagrams: there is nobody to answer at {}", datagrams_->peer().native()));
}

void ListeningPort::try_datagrams() {
  if (!datagrams_->connect()) return;
  by_datagrams_ = true;
  attachment_.attach(std::make_unique<DatagramLink>(*datagrams_, attachment_.ended()),
                     fmt::format("datagrams to {}", datagrams_->peer().native()));
  watch_for_guests();
}

// What no descriptor tells: a datagram peer that has come or gone.
void ListeningPort::look_around() {
  refused_ = false;
  if (!attachment_.present()) {
    try_datagrams();
  } else if (by_datagrams_) {
    if (!attachment_.link().peer_alive()) attachment_.detach("it has gone");
  } else if (datagrams_->drain()) {
    refuse("datagrams: the port is in use by a stream");
  }
  watch_for_guests();
}

// Once a look around: those who try again and again would fill the log.
void ListeningPort::refuse(const std::string& whom) {
  if (!std::exchange(refused_, true)) host_.log().warning("refused {}", whom);
}

}  // namespace hpvmnet::lan
