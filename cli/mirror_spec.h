#pragma once

#include <cstdint>
#include <string>

#include "cli/result.h"
#include "hpvmnet/v1/vswitch.pb.h"

namespace hpvmnet::cli {

/// A mirror as users describe it, on the command line or in a file.
struct MirrorSpec {
  std::uint32_t port = 0;  ///< that gets the copies
  std::string sources;     ///< "1,2,uplink"; empty or all: all
  bool ingress = false;    ///< neither: both of some ports; of all only what comes in, so that each
  bool egress = false;     ///< frame is copied once
  std::string filter;      ///< in libpcap's language; empty: all frames
};

/// Errors about the sources begin with them as `whole` shows them, and their column.
Result<v1::Mirror> read_mirror(const MirrorSpec& spec, const std::string& whole);

}  // namespace hpvmnet::cli
