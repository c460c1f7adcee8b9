#include "cli/commands/vswitch_read.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/commands/vswitch_show.h"
#include "cli/values.h"

namespace hpvmnet::cli {

Result<v1::VswitchReference> vswitch_named(const std::string& name) {
  return plain_name("vswitch", name).map([](std::string plain) {
    v1::VswitchReference which;
    which.set_name(std::move(plain));
    return which;
  });
}

Result<v1::ListVswitchesResponse> vswitches_with_ports(Client& client,
                                                       const std::optional<std::string>& name) {
  v1::ListVswitchesResponse all;
  if (name) {
    return vswitch_named(*name)
        .and_then([&](const auto& which) { return get_vswitch(client, which); })
        .map([&](v1::Vswitch vswitch) {
          *all.add_vswitches() = std::move(vswitch);
          return all;
        });
  }
  const auto listed = client.look(&Client::Vswitches::ListVswitches, {});
  if (!listed) return tl::unexpected(listed.error());
  for (const v1::Vswitch& each : listed->vswitches()) {
    v1::VswitchReference which;
    which.set_name(each.name());
    auto vswitch = get_vswitch(client, which);
    if (!vswitch) return tl::unexpected(vswitch.error());
    *all.add_vswitches() = *std::move(vswitch);
  }
  return all;
}

v1::Port port_of(const v1::Vswitch& vswitch, std::uint32_t number) {
  const auto found = std::ranges::find(vswitch.ports(), number, &v1::Port::number);
  if (found != vswitch.ports().end()) return *found;
  v1::Port port;
  port.set_number(number);
  port.set_state(v1::Port::STATE_DOWN);
  return port;
}

Result<std::uint32_t> read_port_number(const std::string& text) {
  const auto number = parse_number(text);
  if (number && *number < kPortsPerVswitch) return *number;
  return wrong_usage(fmt::format("{} is not a port; 0 to {}", shown(text), kPortsPerVswitch - 1));
}

}  // namespace hpvmnet::cli
