#pragma once

#include <string_view>

namespace hpvmnet {

/// Whether a request's Host header names this host in a way that no foreign name server can have
/// invented: as a number, as "localhost", or by `host_name`, with or without a port. A browser that
/// a web site has led here by a name of its own (DNS rebinding) is found out by that.
bool names_this_host(std::string_view host_header, std::string_view host_name);

}  // namespace hpvmnet
