#include "cli/target.h"

#include <cerrno>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "cli/tls_probe.h"
#include "cli/values.h"

namespace hpvmnet::cli {
namespace {

constexpr std::string_view kUnixScheme = "unix:";
constexpr std::size_t kLongestPath = sizeof(sockaddr_un::sun_path) - 1;
constexpr std::uint32_t kLastTcpPort = 65535;

bool is_host_and_port(const std::string& text) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return false;
  const auto port = parse_number(std::string_view(text).substr(colon + 1));
  const std::string host = text.substr(0, colon);
  const bool bracketed = host.front() == '[' && host.back() == ']';
  const bool host_good = bracketed || host.find_first_of(":/[] ") == std::string::npos;
  return host_good && port && *port > 0 && *port <= kLastTcpPort;
}

// What the system says when somebody opens the socket; 0 where it can be opened.
int try_socket(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.native().size());
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor < 0) return errno;
  const int connected =
      ::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  const int error = connected == 0 ? 0 : errno;
  ::close(descriptor);
  return error;
}

// `address` is HOST:PORT.
std::string probe(const std::string& address, const TlsFiles& files) {
  const auto colon = address.rfind(':');
  std::string host = address.substr(0, colon);
  if (host.front() == '[') host = host.substr(1, host.size() - 2);
  return what_stands_in_the_way(host, address.substr(colon + 1), files);
}

constexpr std::string_view kIsItRunning =
    "is hpvmnetd running? 'systemctl status hpvmnetd' tells; --target names another socket";

}  // namespace

Target::Target(std::filesystem::path socket)
    : socket_(std::move(socket)), address_("unix:" + socket_.native()) {}

Result<Target> Target::parse(const std::string& text, const std::string& source) {
  if (!text.starts_with(kUnixScheme)) {
    if (is_host_and_port(text)) return Target(text);
    return wrong_usage(
        fmt::format("{} {} is neither unix:PATH nor HOST:PORT", source, shown(text)));
  }
  std::string path = text.substr(kUnixScheme.size());
  if (path.starts_with("//")) path.erase(0, 2);  // unix:///run/... is the same
  if (path.empty()) return wrong_usage(fmt::format("{} {} has no path", source, shown(text)));
  std::error_code error;
  const auto absolute = std::filesystem::absolute(path, error);
  if (!error && absolute.native().size() <= kLongestPath) return Target(absolute);
  return wrong_usage(
      fmt::format("{} {} is too long: the path of a socket has at most {} characters", source,
                  shown(text), kLongestPath));
}

Target Target::local(const std::filesystem::path& run_directory, Access access) {
  Target control(run_directory / "control.sock");
  if (access == Access::administer) return control;
  if (::faccessat(AT_FDCWD, control.socket_.c_str(), W_OK, AT_EACCESS) == 0) return control;
  return errno == EACCES ? Target(run_directory / "read.sock") : control;
}

std::string Target::explain_unreachable(const std::string& reason) const {
  const std::string what = fmt::format("cannot reach hpvmnetd at {}", address_);
  if (!is_local()) {
    const std::string why = probe(address_, tls_);
    return fmt::format("{}: {}", what, why.empty() ? reason : why);
  }
  switch (const int error = try_socket(socket_); error) {
    case 0:
      return fmt::format("{}: somebody listens there, but does not speak as hpvmnetd does ({})",
                         what, reason);
    case ENOENT:
      return fmt::format("{}: there is no such socket; {}", what, kIsItRunning);
    case ECONNREFUSED:
      return fmt::format("{}: nobody listens there; {}", what, kIsItRunning);
    case EACCES:
      return fmt::format(
          "{}: permission denied; use the command as root or as a member of the "
          "socket's group",
          what);
    default:
      return fmt::format("{}: {}; {}", what, std::generic_category().message(error), kIsItRunning);
  }
}

}  // namespace hpvmnet::cli
