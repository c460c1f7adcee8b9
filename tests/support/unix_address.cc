#include "support/unix_address.h"

#include <cstring>
#include <stdexcept>

#include <sys/socket.h>

namespace hpvmnet::test {

sockaddr_un unix_address(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.string().size() >= sizeof address.sun_path) {
    throw std::invalid_argument(path.string() + ": too long for a socket");
  }
  std::strcpy(address.sun_path, path.c_str());
  return address;
}

}  // namespace hpvmnet::test
