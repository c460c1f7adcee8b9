#include "remote/address.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>

namespace hpvmnet {
namespace {

constexpr int kBacklog = 64;

struct Parts {
  std::string host;
  std::string port;
};

Result<Parts> split(const std::string& text) {
  const auto colon = text.rfind(':');
  if (colon != std::string::npos) {
    std::string host = text.substr(0, colon);
    std::string port = text.substr(colon + 1);
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (bracketed) host = host.substr(1, host.size() - 2);
    const bool good_host =
        !host.empty() && (bracketed || host.find_first_of(":[]") == std::string::npos);
    const bool good_port = !port.empty() && port.size() <= 5 &&
                           port.find_first_not_of("0123456789") == std::string::npos &&
                           std::stoul(port) <= 65535;
    if (good_host && good_port) return Parts{std::move(host), std::move(port)};
  }
  return fail(
      ErrorCode::invalid_argument,
      fmt::format("--listen {}: write HOST:PORT, such as 192.0.2.1:7443, [2001:db8::1]:7443 "
                  "or *:7443",
                  text));
}

// `v4_too`: an IPv6 socket takes IPv4's connections, too.
Result<Fd> listen_at(const addrinfo& at, bool v4_too, const std::string& text) {
  Fd socket(::socket(at.ai_family, at.ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int on = 1;
  bool good = socket && ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0;
  if (at.ai_family == AF_INET6) {
    const int only = v4_too ? 0 : 1;
    good = good && ::setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only) == 0;
  }
  good = good && ::bind(socket.get(), at.ai_addr, at.ai_addrlen) == 0 &&
         ::listen(socket.get(), kBacklog) == 0;
  if (good) return socket;
  return system_failure(fmt::format("cannot listen on {}", text), errno);
}

}  // namespace

std::string to_text(const sockaddr_storage& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    ::inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
    return fmt::format("{}:{}", text.data(), ntohs(v4.sin_port));
  }
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address, sizeof v6);
  if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) {
    ::inet_ntop(AF_INET, &v6.sin6_addr.s6_addr[12], text.data(), text.size());
    return fmt::format("{}:{}", text.data(), ntohs(v6.sin6_port));
  }
  ::inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
  const std::string scope = v6.sin6_scope_id == 0 ? "" : fmt::format("%{}", v6.sin6_scope_id);
  return fmt::format("[{}{}]:{}", text.data(), scope, ntohs(v6.sin6_port));
}

Result<std::vector<Fd>> listen_on(const std::string& host_and_port) {
  const auto parts = split(host_and_port);
  if (!parts) return tl::unexpected(parts.error());
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  const bool everywhere = parts->host == "*";
  hints.ai_family = everywhere ? AF_INET6 : AF_UNSPEC;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(everywhere ? nullptr : parts->host.c_str(), parts->port.c_str(),
                                  &hints, &found);
  if (error != 0) {
    return fail(ErrorCode::invalid_argument,
                fmt::format("--listen {}: {}", host_and_port, ::gai_strerror(error)));
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> list(found, ::freeaddrinfo);
  std::vector<Fd> sockets;
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
    auto socket = listen_at(*at, everywhere, host_and_port);
    if (!socket) return tl::unexpected(socket.error());
    sockets.push_back(*std::move(socket));
  }
  return sockets;
}

}  // namespace hpvmnet
