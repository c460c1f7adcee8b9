#include "lan/lan_port.h"

#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lan/datagram_link.h"
#include "lan/stream_link.h"
#include "lan/unix_socket.h"

namespace hpvmnet::lan {
namespace {

constexpr std::chrono::seconds kLookPeriod{1};
constexpr int kBacklog = 16;

Result<Fd> listen_at(const std::filesystem::path& path) {
  Result<Fd> socket = bind_socket(path, SOCK_STREAM);
  if (socket && ::listen(socket->get(), kBacklog) != 0) {
    const int number = errno;
    ::unlink(path.c_str());
    return system_failure(fmt::format("cannot listen on {}", path.native()), number);
  }
  return socket;
}

}  // namespace

Result<std::unique_ptr<Port>> LanPort::open(const PortSpec& spec, PortHost& host) {
  Result<Fd> listener = listen_at(spec.socket());
  if (!listener) return tl::unexpected(listener.error());
  auto datagrams = DatagramEnd::open(spec);
  if (!datagrams) {
    ::unlink(spec.socket().c_str());
    return tl::unexpected(datagrams.error());
  }
  return std::unique_ptr<Port>(
      new LanPort(spec, host, *std::move(listener), *std::move(datagrams)));
}

LanPort::LanPort(const PortSpec& spec, PortHost& host, Fd listener,
                 std::unique_ptr<DatagramEnd> datagrams)
    : host_(host),
      path_(spec.socket()),
      listener_(std::move(listener)),
      datagrams_(std::move(datagrams)),
      ended_(host.loop().make_signal([this] { link_ended(); })) {
  timer_ = host_.loop().every(kLookPeriod, [this] { look_around(); });
  look_around();
}

LanPort::~LanPort() { ::unlink(path_.c_str()); }

void LanPort::watch_for_guests() {
  if (!listener_watch_) {
    listener_watch_ = host_.loop().watch_readable(listener_.get(), [this] { connection_waits(); });
  }
  if (link_) {
    datagram_watch_.reset();
  } else if (!datagram_watch_) {
    datagram_watch_ =
        host_.loop().watch_readable(datagrams_->socket(), [this] { datagram_waits(); });
  }
}

void LanPort::connection_waits() {
  Fd connection(::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!connection) {
    if (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED) return;
    host_.log().error("cannot accept a guest's connection: {}",
                      std::generic_category().message(errno));
    listener_watch_.reset();  // until the next look around
    return;
  }
  // A hypervisor that starts again may be faster than the worker that finds its old connection.
  if (link_ && !link_->peer_alive()) detach("it has gone");
  if (link_) {
    refuse(fmt::format("a connection of process {}", peer_process(connection.get())));
    return;
  }
  attach_stream(std::move(connection));
}

void LanPort::attach_stream(Fd connection) {
  const int process = peer_process(connection.get());
  enlarge_buffers(connection.get());
  auto link = StreamLink::make(std::move(connection), *ended_);
  if (!link) {
    host_.log().error("{}", link.error().text);
    return;
  }
  by_datagrams_ = false;
  attach(*std::move(link), fmt::format("process {}, stream", process));
}

void LanPort::datagram_waits() {
  try_datagrams();
  if (link_) return;
  datagrams_->drain();
  datagram_watch_.reset();  // until the next look around: strangers may go on sending
  refuse(fmt::format("datagrams: there is nobody to answer at {}", datagrams_->peer().native()));
}

void LanPort::try_datagrams() {
  if (!datagrams_->connect()) return;
  by_datagrams_ = true;
  attach(std::make_unique<DatagramLink>(*datagrams_, *ended_),
         fmt::format("datagrams to {}", datagrams_->peer().native()));
}

// What no descriptor tells: a datagram peer that has come or gone.
void LanPort::look_around() {
  refused_ = false;
  if (!link_) {
    try_datagrams();
  } else if (by_datagrams_) {
    if (!link_->peer_alive()) detach("it has gone");
  } else if (datagrams_->drain()) {
    refuse("datagrams: the port is in use by a stream");
  }
  watch_for_guests();
}

void LanPort::attach(std::unique_ptr<Link> link, const std::string& how) {
  link_ = std::move(link);
  watch_for_guests();
  const int wake = link_->wake_descriptor();
  host_.start_queues({&wake, 1});
  host_.set_peer(true);
  host_.log().info("guest attached ({})", how);
}

// Signals may come late: after the connection that they were about.
void LanPort::link_ended() {
  if (!link_ || !link_->ending().happened()) return;
  detach(link_->ending().text());
  look_around();
}

void LanPort::detach(const std::string& why) {
  host_.stop_queues();
  host_.set_peer(false);
  const LogLevel level = link_->ending().peer_at_fault() ? LogLevel::warning : LogLevel::info;
  host_.log().write(level, fmt::format("guest detached: {}", why));
  link_.reset();
  watch_for_guests();
}

// Once a look around: those who try again and again would fill the log.
void LanPort::refuse(const std::string& whom) {
  if (!std::exchange(refused_, true)) host_.log().warning("refused {}", whom);
}

}  // namespace hpvmnet::lan
