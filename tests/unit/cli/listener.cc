#include "unit/cli/listener.h"

#include <cstdlib>
#include <cstring>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace hpvmnet::cli {

namespace fs = std::filesystem;

Listener::Listener(const fs::path& path)
    : descriptor_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
  const auto* const generic = reinterpret_cast<const sockaddr*>(&address);
  if (::bind(descriptor_, generic, sizeof(address)) != 0 || ::listen(descriptor_, 8) != 0) {
    std::abort();
  }
}

Listener::~Listener() { ::close(descriptor_); }

}  // namespace hpvmnet::cli
