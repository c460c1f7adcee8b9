#include "cli/commands/vswitch_change.h"

namespace hpvmnet::cli {
namespace {

// Sends a request that has nothing but the vswitch in it.
template <class Method, class Request>
Status change(Client& client, Method method, Request request, const v1::VswitchReference& which) {
  *request.mutable_vswitch() = which;
  return client.change(method, request).map([](const auto&) {});
}

}  // namespace

Status create_vswitch(Client& client, const std::string& name) {
  v1::CreateVswitchRequest request;
  request.set_name(name);
  return client.change(&Client::Vswitches::CreateVswitch, request).map([](const auto&) {});
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
