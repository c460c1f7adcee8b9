#include "base/listen_address.h"

#include <charconv>
#include <cstdint>
#include <optional>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>

namespace hpvmnet {
namespace {

struct Parts {
  std::string address = "127.0.0.1";
  std::string_view port;
};

Parts divide(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return {.port = text};
  std::string_view address = text.substr(0, colon);
  // Without brackets an IPv6 address could not be told from its port.
  if (address.starts_with('[') && address.ends_with(']')) {
    address = address.substr(1, address.size() - 2);
  } else if (address.find(':') != std::string_view::npos) {
    address = {};
  }
  if (address == "localhost") address = "127.0.0.1";
  return {std::string(address), text.substr(colon + 1)};
}

std::optional<std::uint16_t> parse_port(std::string_view digits) {
  std::uint16_t port = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, port);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return port;
}

}  // namespace

Result<ListenAddress> ListenAddress::parse(std::string_view text) {
  const Parts parts = divide(text);
  const auto port = parse_port(parts.port);
  ListenAddress address;
  auto& v4 = reinterpret_cast<sockaddr_in&>(address.storage_);
  auto& v6 = reinterpret_cast<sockaddr_in6&>(address.storage_);
  if (port && ::inet_pton(AF_INET, parts.address.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(*port);
  } else if (port && ::inet_pton(AF_INET6, parts.address.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(*port);
  } else {
    return fail(ErrorCode::invalid_argument,
                fmt::format("\"{}\" is not a port or an address with one, such as 9180, "
                            "127.0.0.1:9180 or [::1]:9180",
                            text));
  }
  return address;
}

bool ListenAddress::is_loopback() const noexcept {
  if (storage_.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(storage_);
    return ntohl(v4.sin_addr.s_addr) >> 24 == 127;
  }
  const auto& v6 = reinterpret_cast<const sockaddr_in6&>(storage_);
  return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
}

socklen_t ListenAddress::size() const noexcept {
  return storage_.ss_family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
}

std::string ListenAddress::text() const {
  char address[INET6_ADDRSTRLEN];
  if (storage_.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(storage_);
    ::inet_ntop(AF_INET, &v4.sin_addr, address, sizeof address);
    return fmt::format("{}:{}", address, ntohs(v4.sin_port));
  }
  const auto& v6 = reinterpret_cast<const sockaddr_in6&>(storage_);
  ::inet_ntop(AF_INET6, &v6.sin6_addr, address, sizeof address);
  return fmt::format("[{}]:{}", address, ntohs(v6.sin6_port));
}

ListenAddress ListenAddress::of(int socket) {
  ListenAddress address;
  socklen_t size = sizeof address.storage_;
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address.storage_), &size);
  return address;
}

}  // namespace hpvmnet
