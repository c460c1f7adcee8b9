#include "http/host_check.h"

#include <algorithm>
#include <cctype>
#include <string>

#include <arpa/inet.h>
#include <netinet/in.h>

namespace hpvmnet {
namespace {

bool is_number(std::string_view host) {
  in6_addr address{};
  if (host.starts_with('[') && host.ends_with(']')) {
    return ::inet_pton(AF_INET6, std::string(host.substr(1, host.size() - 2)).c_str(), &address) ==
           1;
  }
  return ::inet_pton(AF_INET, std::string(host).c_str(), &address) == 1;
}

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

std::string_view without_port(std::string_view host) {
  const std::size_t colon = host.rfind(':');
  if (colon == std::string_view::npos || host.ends_with(']')) return host;
  return host.substr(0, colon);
}

}  // namespace

bool names_this_host(std::string_view host_header, std::string_view host_name) {
  const std::string_view host = without_port(host_header);
  return is_number(host) || same_name(host, "localhost") ||
         (!host_name.empty() && same_name(host, host_name));
}

}  // namespace hpvmnet
