#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <sys/socket.h>

#include "base/fd.h"
#include "base/result.h"

namespace hpvmnet {

/// "192.0.2.1:7443" or "[2001:db8::1]:7443"; an IPv4 address as such, though it came over IPv6.
std::string to_text(const sockaddr_storage& address);

/// A listening TCP socket for each address that HOST:PORT means; HOST may be a name, an IPv6
/// address in brackets, or `*` for all addresses. Port 0: one that is free.
Result<std::vector<Fd>> listen_on(const std::string& host_and_port);

}  // namespace hpvmnet
