#pragma once

#include <string>

#include "cli/tls_files.h"

namespace hpvmnet::cli {

/// Tries to connect to a daemon, as gRPC did in vain, and says what stands in the way, with the way
/// out: a sentence's end. Empty where nothing does. Takes a few seconds at most.
std::string what_stands_in_the_way(const std::string& host, const std::string& port,
                                   const TlsFiles& files);

}  // namespace hpvmnet::cli
