#include "avio_lan/listener.h"

#include <cerrno>
#include <cstring>
#include <string>

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

namespace hpvmnet::avio_lan {
namespace {

constexpr int kBacklog = 8;
constexpr int kSocketType = SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK;

// The path is known to fit.
sockaddr_un address_of(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  return address;
}

template <class Call>
bool with_address(Call call, const Fd& socket, const std::filesystem::path& path) {
  const sockaddr_un address = address_of(path);
  return call(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

// Removes what a dead process has left behind, and nothing else.
Status clear_the_way(const std::filesystem::path& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return {};
  if (!S_ISSOCK(status.st_mode)) {
    return fail(ErrorCode::failed_precondition,
                fmt::format("{} is in the way of the port's socket; remove it", path.native()));
  }
  const Fd probe(::socket(AF_UNIX, kSocketType, 0));
  if (!probe) return system_failure("cannot open a socket", errno);
  if (with_address(::connect, probe, path) || errno != ECONNREFUSED) {
    return fail(ErrorCode::failed_precondition,
                fmt::format("another process listens on {}; stop it first", path.native()));
  }
  ::unlink(path.c_str());
  return {};
}

}  // namespace

Status check_socket_path(const std::filesystem::path& path) {
  constexpr std::size_t kLongest = sizeof(sockaddr_un::sun_path) - 1;
  if (path.native().size() <= kLongest) return {};
  return fail(ErrorCode::invalid_argument,
              fmt::format("the socket {} would have a path of {} characters and the system allows "
                          "{}; use a shorter run directory or vswitch name",
                          path.native(), path.native().size(), kLongest));
}

// The mode is given to the socket before it has a file, so that the file never has another one than
// a narrower umask makes it.
Result<Listener> Listener::open(std::filesystem::path path, const SocketAccess& access) {
  if (const Status good = check_socket_path(path); !good) return tl::unexpected(good.error());
  if (const Status clear = clear_the_way(path); !clear) return tl::unexpected(clear.error());
  Fd socket(::socket(AF_UNIX, kSocketType, 0));
  if (!socket || ::fchmod(socket.get(), access.mode) != 0) {
    return system_failure("cannot open a socket", errno);
  }
  if (!with_address(::bind, socket, path)) {
    return system_failure(fmt::format("cannot make the socket {}", path.native()), errno);
  }
  Listener listener(std::move(path), std::move(socket));  // owns the file from here on
  if (const Status granted = grant_access(listener.path_, access); !granted) {
    return tl::unexpected(granted.error());
  }
  if (::listen(listener.descriptor(), kBacklog) != 0) {
    return system_failure(fmt::format("cannot listen on {}", listener.path_.native()), errno);
  }
  return listener;
}

Listener::~Listener() {
  if (socket_) ::unlink(path_.c_str());
}

Result<Fd> Listener::accept() {
  Fd connection(::accept4(descriptor(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  const bool exhausted = errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
  if (!connection && exhausted) return system_failure("cannot accept a connection", errno);
  return connection;
}

}  // namespace hpvmnet::avio_lan
