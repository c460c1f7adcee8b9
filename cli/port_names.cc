#include "cli/port_names.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "cli/values.h"

namespace hpvmnet::cli {
namespace {

Result<v1::Vswitch> find(Client& client, const std::string& vswitch) {
  v1::GetVswitchRequest request;
  request.mutable_vswitch()->set_name(vswitch);
  return client.look(&Client::Vswitches::GetVswitch, request);
}

}  // namespace

Result<PortNames> PortNames::of(Client& client, const std::string& vswitch) {
  auto found = find(client, vswitch);
  if (!found) return tl::unexpected(found.error());
  return PortNames(client, *std::move(found));
}

std::string PortNames::name(std::uint32_t port) {
  std::string who = user(port);
  if (who.empty()) {
    if (auto again = find(*client_, vswitch_.name())) vswitch_ = *std::move(again);
    who = user(port);
  }
  const std::string name = fmt::format("{}/{}", vswitch_.name(), port);
  return who.empty() ? name : fmt::format("{} ({})", name, who);
}

std::string PortNames::user(std::uint32_t port) const {
  if (port == kPortsPerVswitch) return vswitch_.backing().interface();
  if (port > kPortsPerVswitch) return "the vswitch itself";
  const auto found = std::ranges::find(vswitch_.ports(), port, &v1::Port::number);
  if (found == vswitch_.ports().end()) return {};
  if (!found->active_guest().empty()) return found->active_guest();
  return fmt::format("{}", fmt::join(found->reserved_by(), ", "));
}

}  // namespace hpvmnet::cli
