#include "cli/commands/vswitch_change.h"

#include "cli/commands/backing.h"

namespace hpvmnet::cli {
namespace {

// Sends a request that has nothing but the vswitch in it.
template <class Method, class Request>
Status change(Client& client, Method method, Request request, const v1::VswitchReference& which) {
  *request.mutable_vswitch() = which;
  return client.change(method, request).map([](const auto&) {});
}

// Not where a mistake would cut the user off.
template <class Request>
Status put_backing(const std::optional<v1::Backing>& backing, bool force, Request& request) {
  request.set_force(force);
  if (!backing) return {};
  *request.mutable_backing() = *backing;
  return force ? Status{} : check_not_own_connection(backing->interface());
}

}  // namespace

Status create_vswitch(Client& client, const std::string& name,
                      const std::optional<v1::Backing>& backing, bool force) {
  v1::CreateVswitchRequest request;
  request.set_name(name);
  if (auto status = put_backing(backing, force, request); !status) return status;
  return client.change(&Client::Vswitches::CreateVswitch, request).map([](const auto&) {});
}

Status change_backing(Client& client, const v1::VswitchReference& which,
                      const std::optional<v1::Backing>& backing, bool force) {
  v1::SetVswitchBackingRequest request;
  if (auto status = put_backing(backing, force, request); !status) return status;
  return change(client, &Client::Vswitches::SetVswitchBacking, request, which);
}

Status reset_vswitch(Client& client, const v1::VswitchReference& which) {
  return change(client, &Client::Vswitches::ResetVswitch, v1::ResetVswitchRequest(), which);
}

Status boot_vswitch(Client& client, const v1::VswitchReference& which) {
  return change(client, &Client::Vswitches::BootVswitch, v1::BootVswitchRequest(), which);
}

Status halt_vswitch(Client& client, const v1::VswitchReference& which) {
  return change(client, &Client::Vswitches::HaltVswitch, v1::HaltVswitchRequest(), which);
}

Status delete_vswitch(Client& client, const v1::VswitchReference& which) {
  return change(client, &Client::Vswitches::DeleteVswitch, v1::DeleteVswitchRequest(), which);
}

}  // namespace hpvmnet::cli
