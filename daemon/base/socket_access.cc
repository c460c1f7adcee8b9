#include "base/socket_access.h"

#include <cerrno>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hpvmnet {

// The mode comes last: a change of the owner may take some of it.
Status grant_access(const std::filesystem::path& socket, const SocketAccess& access) {
  constexpr auto kAsItIs = static_cast<uid_t>(-1);
  if (access.owner || access.group) {
    const uid_t owner = access.owner.value_or(kAsItIs);
    const gid_t group = access.group.value_or(kAsItIs);
    if (::lchown(socket.c_str(), owner, group) != 0) {
      return system_failure(
          fmt::format("cannot give {} to the user and group of --socket-owner and --socket-group",
                      socket.native()),
          errno);
    }
  }
  if (::chmod(socket.c_str(), access.mode) == 0) return {};
  return system_failure(fmt::format("cannot set the mode of {}", socket.native()), errno);
}

}  // namespace hpvmnet
