#include "uplink/adaptor.h"

#include <bpf/libbpf.h>
#include <fmt/format.h>
#include <net/if.h>
#include <xdp/libxdp.h>

#include "uplink/open_wire.h"
#include "uplink/uplink_port.h"

namespace hpvmnet::uplink {

// Their results say what has failed; what they write to standard error besides is for developers.
UplinkAdaptor::UplinkAdaptor() {
  libbpf_set_print(nullptr);
  libxdp_set_print(nullptr);
}

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
