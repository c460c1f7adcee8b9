#include "cli/commands/vswitch_change.h"

#include <fmt/format.h>

#include "cli/commands/backing.h"
#include "cli/commands/vswitch_show.h"
#include "cli/report.h"
#include "cli/values.h"

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

Status clone_vswitch(Client& client, const v1::VswitchReference& source, const std::string& name,
                     const std::optional<v1::Backing>& backing, bool force, Terminal& terminal) {
  v1::CloneVswitchRequest request;
  *request.mutable_vswitch() = source;
  request.set_name(name);
  if (auto status = put_backing(backing, force, request); !status) return status;
  const auto original = get_vswitch(client, source);
  if (!original) return tl::unexpected(original.error());
  const auto clone = client.change(&Client::Vswitches::CloneVswitch, request);
  if (!clone) return tl::unexpected(clone.error());
  if (original->has_backing() && !backing) {
    warn(terminal, name,
         fmt::format(
             "the vswitch is local: interface {} backs vswitch {}, and it can back one only; "
             "'hpvmnet -C -S {} -n INTERFACE' gives it another",
             shown(original->backing().interface()), shown(original->name()), name));
  }
  return {};
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

Status boot_vswitch(Client& client, const v1::VswitchReference& which, Terminal& terminal) {
  v1::BootVswitchRequest request;
  *request.mutable_vswitch() = which;
  const auto booted = client.change(&Client::Vswitches::BootVswitch, request);
  if (!booted) return tl::unexpected(booted.error());
  const v1::Backing& backing = booted->backing();
  if (booted->has_backing() && backing.mode_in_use().empty()) {
    warn(terminal, booted->name(),
         fmt::format(
             "the vswitch is up, but its backing interface {} is not in use{}{}; its guests "
             "reach each other only",
             shown(backing.interface()), backing.remark().empty() ? "" : ": ", backing.remark()));
  }
  return {};
}

Status halt_vswitch(Client& client, const v1::VswitchReference& which) {
  return change(client, &Client::Vswitches::HaltVswitch, v1::HaltVswitchRequest(), which);
}

Status delete_vswitch(Client& client, const v1::VswitchReference& which) {
  return change(client, &Client::Vswitches::DeleteVswitch, v1::DeleteVswitchRequest(), which);
}

}  // namespace hpvmnet::cli
