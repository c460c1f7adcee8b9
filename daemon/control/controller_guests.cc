// Commands of the controller that are about guests.

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "control/apply.h"
#include "control/attachment.h"
#include "control/controller.h"
#include "control/guest_warnings.h"
#include "control/open_ports.h"
#include "control/port_status.h"
#include "control/port_traits.h"

namespace hpvmnet {
namespace {

bool reserves(const Model& model, const std::string& guest, const std::string& vswitch,
              PortNumber port) {
  const auto found = model.guests.find(guest);
  return found != model.guests.end() &&
         std::ranges::any_of(found->second.vnics, [&](const Vnic& vnic) {
           return vnic.vswitch == vswitch && vnic.port == port;
         });
}

}  // namespace

std::vector<GuestStatus> Controller::guests() const {
  std::vector<GuestStatus> all;
  for (const auto& [name, guest] : model_.guests) all.push_back(status_of(guest));
  std::ranges::sort(all, {}, [](const GuestStatus& status) { return status.guest.number; });
  return all;
}

Result<const Guest*> Controller::find_guest(const std::string& name) const {
  const auto found = model_.guests.find(name);
  if (found != model_.guests.end()) return &found->second;
  return fail(ErrorCode::not_found,
              fmt::format("there is no guest '{}'; hpvmstatus lists the guests", name));
}

Result<GuestStatus> Controller::guest(const std::string& name) const {
  return find_guest(name).map([&](const Guest* found) { return status_of(*found); });
}

GuestStatus Controller::status_of(const Guest& guest) const {
  GuestStatus status;
  status.guest = guest;
  for (const Vnic& vnic : guest.vnics) status.vnic_active.push_back(is_active(guest, vnic));
  status.active = std::ranges::find(status.vnic_active, true) != status.vnic_active.end();
  return status;
}

bool Controller::is_active(const Guest& guest, const Vnic& vnic) const {
  const LivePort* port = parts_.board.find_port(vnic.vswitch, vnic.port);
  if (port == nullptr || !port->peer_present()) return false;
  return active_guest(parts_.board, *port, reservations().of(vnic.vswitch).at(vnic.port)) ==
         guest.name;
}

Result<GuestStatus> Controller::create_guest(const std::string& name,
                                             const std::vector<VnicRequest>& vnics) {
  return change_guest(name, {}, [&](Model& model) {
    return hpvmnet::create_guest(model, name, vnics, parts_.context);
  });
}

Result<GuestStatus> Controller::clone_guest(const std::string& source, const std::string& name,
                                            const GuestChange& request) {
  auto cloned = change_guest(name, {}, [&](Model& model) {
    return hpvmnet::clone_guest(model, source, name, request, parts_.context);
  });
  if (!cloned) return cloned;
  std::ranges::move(clone_warnings(model_.guests.at(source), cloned->guest),
                    std::back_inserter(cloned->warnings));
  return cloned;
}

Result<GuestStatus> Controller::modify_guest(const std::string& name, const GuestChange& request,
                                             Manner manner) {
  return change_guest(name, manner, [&](Model& model) {
    return hpvmnet::modify_guest(model, name, request, parts_.context);
  });
}

Result<GuestStatus> Controller::change_guest(const std::string& name, Manner manner,
                                             const Edit& edit) {
  Model next = model_;
  if (Status status = edit(next); !status) return tl::unexpected(status.error());
  Warnings warnings = warnings_of(name, next);
  if (manner.dry_run) return would_be(name, next, std::move(warnings));
  const Status changed = change(
      [&](Model& model) {
        model = std::move(next);
        return Status{};
      },
      [&](const Model& draft) {
        return manner.force ? Status{} : refuse_detaching({name}, draft);
      });
  if (!changed) return tl::unexpected(changed.error());
  GuestStatus status = status_of(model_.guests.at(name));
  status.warnings = std::move(warnings);
  return status;
}

// Before the change is made.
Warnings Controller::warnings_of(const std::string& name, const Model& next) const {
  return guest_warnings(
      model_, next, name,
      {.attached = [&](const Vnic& vnic) { return is_active(model_.guests.at(name), vnic); },
       .interface_of = [this](const Vnic& vnic) -> std::string {
         const Adaptor* adaptor = parts_.find_adaptor(vnic.adaptor);
         const bool of_the_host = adaptor != nullptr && adaptor->uses_mac();
         return of_the_host || !parts_.interface_with ? "" : parts_.interface_with(vnic.mac);
       }});
}

// What a change that is only judged would make of the guest.
Result<GuestStatus> Controller::would_be(const std::string& name, const Model& next,
                                         Warnings warnings) const {
  const Status possible = check(planned(model_, next), parts_.board);
  if (!possible) return tl::unexpected(possible.error());
  if (const Status stays = refuse_detaching({name}, next); !stays) {
    warnings.insert(warnings.begin(), stays.error().text);
  }
  const bool active = status_of(model_.guests.at(name)).active;
  return GuestStatus{next.guests.at(name), active, {}, std::move(warnings)};
}

Status Controller::remove_guest(const std::string& name, bool force) {
  return change(
      [&](Model& model) { return hpvmnet::remove_guest(model, name); },
      [&](const Model& next) { return force ? Status{} : refuse_detaching({name}, next); });
}

// A change must not take a port from under a running guest by accident.
Status Controller::refuse_detaching(const std::vector<std::string>& guests,
                                    const Model& next) const {
  const auto [from, to] = difference_of(model_, next);
  const OpenPorts ports_before = open_ports(from, traits_of(parts_.find_adaptor));
  const OpenPorts ports_after = open_ports(to, traits_of(parts_.find_adaptor));
  for (const std::string& name : guests) {
    const auto found = model_.guests.find(name);
    if (found == model_.guests.end()) continue;  // a new guest does not run
    const Guest& before = found->second;
    for (const Vnic& vnic : before.vnics) {
      const std::pair place(vnic.vswitch, vnic.port);
      const auto port = ports_before.find(place);
      const bool stays =
          reserves(next, name, vnic.vswitch, vnic.port) &&
          (port == ports_before.end() || stays_open(port->second, ports_after.at(place)));
      if (stays || !is_active(before, vnic)) continue;
      return fail(ErrorCode::failed_precondition,
                  fmt::format("guest '{}' is attached to port {} of vswitch '{}'; stop the guest "
                              "first, or force the change with -F or --force, which disconnects it",
                              name, vnic.port, vnic.vswitch));
    }
  }
  return {};
}

Result<Attachment> Controller::attachment(const std::string& name,
                                          const AttachmentRequest& request) const {
  const auto found = find_guest(name);
  if (!found) return tl::unexpected(found.error());
  const OpenPorts ports = open_ports(model_, traits_of(parts_.find_adaptor));
  std::vector<AttachedVnic> vnics;
  for (const Vnic& vnic : (*found)->vnics) {
    const PortConfiguration& configuration = ports.at({vnic.vswitch, vnic.port});
    vnics.push_back({vnic.adaptor,
                     parts_.find_adaptor(vnic.adaptor),
                     {.port = parts_.board.spec_of(vnic.vswitch, vnic.port, configuration),
                      .id = fmt::format("hpvmnet-{}-{}", vnic.bus, vnic.device),
                      .mac = vnic.mac,
                      .queue_pairs = settings_of(model_, vnic.vswitch, vnic.port).queue_pairs,
                      .emulated = request.emulated}});
  }
  return describe_attachment(name, vnics, request).map([&](Attachment attachment) {
    attachment.warnings = vswitch_warnings(model_, **found);
    return attachment;
  });
}

}  // namespace hpvmnet
