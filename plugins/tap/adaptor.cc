#include "tap/adaptor.h"

#include <algorithm>

#include <fmt/format.h>
#include <net/if.h>

namespace hpvmnet::tap {
namespace {

bool fits(unsigned char c) { return c > ' ' && c <= '~' && c != '/' && c != ':' && c != '%'; }

}  // namespace

Status TapAdaptor::check(const PortSpec& spec) const {
  const std::string name = interface_name(spec);
  if (name.size() < IFNAMSIZ && name != "." && name != ".." && std::ranges::all_of(name, fits)) {
    return {};
  }
  return fail(ErrorCode::invalid_argument,
              fmt::format("'{}' cannot be the name of an interface, which has up to {} characters, "
                          "without spaces, '/' and '%'; name another with :ifname:NAME",
                          name, IFNAMSIZ - 1));
}

Result<std::unique_ptr<Port>> TapAdaptor::open(const PortSpec& spec, PortHost& host) {
  return TapPort::open(spec, host);
}

}  // namespace hpvmnet::tap
