#include "avio_lan/port.h"

#include <cerrno>
#include <chrono>
#include <utility>

#include <fmt/format.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "avio_lan/protocol/features.h"

namespace hpvmnet::avio_lan {
namespace {

constexpr std::chrono::milliseconds kPause{1000};

/// Process id of the peer, for the log; 0 where it is in a namespace that we don't see.
int process_of(int connection) {
  ucred who{};
  socklen_t size = sizeof who;
  ::getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &who, &size);
  return who.pid;
}

}  // namespace

Result<std::unique_ptr<AvioPort>> AvioPort::open(const PortSpec& spec, PortHost& host,
                                                 EventSignaller& signaller) {
  Fd loss_event(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!loss_event) return system_failure("cannot open an eventfd", errno);
  Result<Listener> listener = Listener::open(spec.socket(), spec.access);
  if (!listener) return tl::unexpected(listener.error());
  const std::uint64_t offered = feature::offered | (spec.packed_rings ? feature::packed_ring : 0);
  return std::unique_ptr<AvioPort>(
      new AvioPort(host, signaller, offered, std::move(*listener), std::move(loss_event)));
}

AvioPort::AvioPort(PortHost& host, EventSignaller& signaller, std::uint64_t offered,
                   Listener listener, Fd loss_event)
    : host_(host),
      offered_(offered),
      listener_(std::move(listener)),
      loss_event_(std::move(loss_event)),
      rings_(host, signaller, loss_event_.get(),
             [this] {
               if (session_) session_->report_broken_rings();
             }),
      loss_watch_(host.loop().watch_readable(loss_event_.get(), [this] { on_memory_loss(); })) {
  listen();
}

AvioPort::~AvioPort() {
  if (session_) {
    close_session(LogLevel::info, "the port closes, and with it the hypervisor's connection");
  }
}

void AvioPort::listen() {
  pause_.reset();
  connection_watch_ =
      host_.loop().watch_readable(listener_.descriptor(), [this] { on_connection(); });
}

// A connection that cannot be accepted would keep the listening socket readable.
void AvioPort::pause_listening(std::string_view why) {
  host_.log().error("{}; trying again in {} ms", why, kPause.count());
  pause_ = host_.loop().after(kPause, [this] { listen(); });
  connection_watch_.reset();
}

void AvioPort::on_connection() {
  Result<Fd> connection = listener_.accept();
  if (!connection) {
    pause_listening(connection.error().text);
  } else if (*connection) {
    begin_session(std::move(*connection));
  }
}

// A hypervisor that comes back at once may be here before the end of its predecessor is.
void AvioPort::begin_session(Fd connection) {
  if (session_ && session_->hung_up()) end_session();
  if (session_) {
    if (!std::exchange(sent_others_away_, true)) {
      host_.log().warning(
          "process {} wanted to connect while another hypervisor is connected, and "
          "was sent away; so will others be, until that one leaves",
          process_of(connection.get()));
    }
    return;
  }
  host_.log().info("the hypervisor, process {}, has connected", process_of(connection.get()));
  sent_others_away_ = false;
  session_.emplace(std::move(connection), offered_, rings_, loss_event_.get(), host_.log());
  message_watch_ = host_.loop().watch_readable(session_->descriptor(), [this] { on_message(); });
  host_.set_peer(true);
}

void AvioPort::on_message() {
  const Result<Session::State> state = session_->serve();
  if (!state) {
    abort_session(state.error().text);
  } else if (*state == Session::State::finished) {
    end_session();
  }
}

void AvioPort::on_memory_loss() {
  std::uint64_t count = 0;
  [[maybe_unused]] const ssize_t drained = ::read(loss_event_.get(), &count, sizeof count);
  if (session_ && session_->memory_lost()) {
    abort_session(
        "memory of the guest has disappeared: its file was truncated, or no huge page was left");
  }
}

void AvioPort::end_session() { close_session(LogLevel::info, "the hypervisor has disconnected"); }

void AvioPort::abort_session(std::string_view why) {
  close_session(LogLevel::warning, fmt::format("the hypervisor's connection was closed: {}", why));
}

void AvioPort::close_session(LogLevel level, std::string_view line) {
  message_watch_.reset();
  session_.reset();
  host_.set_peer(false);
  host_.log().write(level, line);
}

}  // namespace hpvmnet::avio_lan
