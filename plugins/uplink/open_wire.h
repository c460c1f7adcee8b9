#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "host/links.h"
#include "uplink/wire.h"

namespace hpvmnet::uplink {

struct OpenWire {
  std::unique_ptr<Wire> wire;
  std::string remark;  ///< why it is not a faster one; may be empty
};

/// Whether it names a way to use an interface: "auto" (or nothing), "xdp", "xdp-generic", "packet".
Status check_mode(const std::string& mode);

/// Opens the interface's network side in that mode, or for "auto" in the fastest that it allows.
Result<OpenWire> open_wire(const std::string& mode, const host::Link& link);

}  // namespace hpvmnet::uplink
