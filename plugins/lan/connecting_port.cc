#include "lan/connecting_port.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "lan/unix_socket.h"

namespace hpvmnet::lan {
namespace {

constexpr std::chrono::seconds kLookPeriod{1};
constexpr int kLongestSkip = 63;  // about a minute

}  // namespace

Status ConnectingPort::check(const PortSpec& spec) {
  const std::filesystem::path peer(spec.endpoint);
  if (peer.is_absolute()) return check_socket_path(peer, "choose a shorter one");
  return fail(
      ErrorCode::invalid_argument,
      fmt::format("port {} of vswitch '{}' cannot connect to '{}': a lan port connects to a "
                  "unix socket; give its whole path, which begins with '/'",
                  spec.number, spec.vswitch, spec.endpoint));
}

ConnectingPort::ConnectingPort(const PortSpec& spec, PortHost& host)
    : host_(host), peer_(spec.endpoint), attachment_(host, [this] { connection_lost(); }) {
  timer_ = host_.loop().every(kLookPeriod, [this] { look_around(); });
  look_around();
}

void ConnectingPort::look_around() {
  if (attachment_.present()) {
    next_skip_ = 0;
  } else if (looks_to_skip_ > 0) {
    --looks_to_skip_;
  } else {
    connect();
  }
}

void ConnectingPort::connect() {
  Result<Fd> connection = connect_socket(peer_);
  if (connection) {
    missed_ = false;
    attachment_.attach_stream(*std::move(connection), fmt::format("stream to {}", peer_.native()));
  } else if (!std::exchange(missed_, true)) {
    host_.log().warning("{}; trying again each second", connection.error().text);
  }
}

// A peer that accepts and closes, as one does that serves somebody else, is tried ever more rarely:
// each attempt costs two lines in the log.
void ConnectingPort::connection_lost() {
  looks_to_skip_ = next_skip_;
  next_skip_ = std::min(2 * next_skip_ + 1, kLongestSkip);
}

}  // namespace hpvmnet::lan
