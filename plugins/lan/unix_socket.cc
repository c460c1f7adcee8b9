#include "lan/unix_socket.h"

#include <cerrno>
#include <cstring>

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hpvmnet::lan {
namespace {

constexpr std::size_t kLongestPath = sizeof(sockaddr_un::sun_path) - 1;
constexpr int kBufferSize = 1024 * 1024;

Status clear_the_way(const std::filesystem::path& path) {
  struct stat there {};
  if (::lstat(path.c_str(), &there) != 0 && errno == ENOENT) return {};
  if (!S_ISSOCK(there.st_mode)) {
    return fail(ErrorCode::failed_precondition,
                fmt::format("{} is in the way and is no socket; remove it", path.native()));
  }
  if (::unlink(path.c_str()) == 0) return {};
  return system_failure(fmt::format("cannot remove {}", path.native()), errno);
}

}  // namespace

Status check_socket_path(const std::filesystem::path& path, std::string_view way_out) {
  if (path.native().size() <= kLongestPath) return {};
  return fail(ErrorCode::invalid_argument,
              fmt::format("{}: a socket's name has at most {} bytes, and this one has {}; {}",
                          path.native(), kLongestPath, path.native().size(), way_out));
}

sockaddr_un unix_address(const std::filesystem::path& path) noexcept {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.native().size());
  return address;
}

// The mode is set before the socket has a name, so that it is never open to more than it should be;
// once more afterwards, because the process's umask may have taken some of it.
Result<Fd> bind_socket(const std::filesystem::path& path, int type, const SocketAccess& access) {
  if (const Status clear = clear_the_way(path); !clear) return tl::unexpected(clear.error());
  Fd socket(::socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) return system_failure(fmt::format("cannot make socket {}", path.native()), errno);
  const sockaddr_un address = unix_address(path);
  if (::fchmod(socket.get(), access.mode) != 0 ||
      ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return system_failure(fmt::format("cannot make socket {}", path.native()), errno);
  }
  if (const Status granted = grant_access(path, access); !granted) {
    ::unlink(path.c_str());
    return tl::unexpected(granted.error());
  }
  return socket;
}

Result<Fd> connect_socket(const std::filesystem::path& path) {
  Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) return system_failure("cannot make a socket", errno);
  const sockaddr_un address = unix_address(path);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    return socket;
  }
  return system_failure(fmt::format("cannot connect to {}", path.native()), errno);
}

// The FORCE variants pass the system's limit, with the privilege for it.
void enlarge_buffers(int socket) noexcept {
  const auto set = [&](int forced, int limited) {
    if (::setsockopt(socket, SOL_SOCKET, forced, &kBufferSize, sizeof kBufferSize) != 0) {
      ::setsockopt(socket, SOL_SOCKET, limited, &kBufferSize, sizeof kBufferSize);
    }
  };
  set(SO_SNDBUFFORCE, SO_SNDBUF);
  set(SO_RCVBUFFORCE, SO_RCVBUF);
}

bool input_waits(int socket) noexcept {
  pollfd state{socket, POLLIN, 0};
  return ::poll(&state, 1, 0) != 0;
}

int peer_process(int socket) noexcept {
  ucred peer{};
  socklen_t size = sizeof peer;
  return ::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 ? peer.pid : 0;
}

}  // namespace hpvmnet::lan
