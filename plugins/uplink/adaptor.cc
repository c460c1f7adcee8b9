#include "uplink/adaptor.h"

#include <fmt/format.h>
#include <net/if.h>

#include "uplink/open_wire.h"
#include "uplink/uplink_port.h"

namespace hpvmnet::uplink {

Status UplinkAdaptor::check(const PortSpec& spec) const { return check_mode(spec.mode); }

Status UplinkAdaptor::check_system(const PortSpec& spec) const {
  if (::if_nametoindex(spec.endpoint.c_str()) != 0) return {};
  return fail(
      ErrorCode::not_found,
      fmt::format("there is no interface '{}'; 'ip link' lists them, and -F has the vswitch "
                  "wait for one of that name",
                  spec.endpoint));
}

Result<std::unique_ptr<Port>> UplinkAdaptor::open(const PortSpec& spec, PortHost& host) {
  return UplinkPort::open(spec, host);
}

}  // namespace hpvmnet::uplink
