#include "control/controller.h"

#include <algorithm>
#include <utility>

#include "control/apply.h"
#include "control/attachment.h"
#include "control/guest_warnings.h"
#include "control/model_changes.h"
#include "control/model_difference.h"
#include "control/plan.h"
#include "control/port_status.h"
#include "control/port_traits.h"
#include "control/rules.h"
#include "control/take_survey.h"

namespace hpvmnet {
namespace {

template <class T>
void sort_by_number(std::vector<T>& objects, auto number) {
  std::ranges::sort(objects, {}, number);
}

bool reserves(const Model& model, const std::string& guest, const std::string& vswitch,
              PortNumber port) {
  const auto found = model.guests.find(guest);
  return found != model.guests.end() &&
         std::ranges::any_of(found->second.vnics, [&](const Vnic& vnic) {
           return vnic.vswitch == vswitch && vnic.port == port;
         });
}

std::vector<Action> planned(const Model& from, const Model& to, const Controller::Parts& parts) {
  const ModelDifference difference = difference_of(from, to);
  return plan(difference.from, difference.to, traits_of(parts.find_adaptor));
}

}  // namespace

Controller::Controller(Model model, Parts parts)
    : model_(std::move(model)), draft_(model_), parts_(std::move(parts)) {
  parts_.journal.publish({.kind = EventKind::daemon_started,
                          .text = fmt::format("hpvmnetd {} has started", HPVMNET_VERSION)});
  parts_.board.set_guest_of(
      [this](const std::string& vswitch, PortNumber port) { return only_guest_on(vswitch, port); });
  apply_what_works(planned(Model{}, model_, parts_), parts_.board, parts_.log);
}

Controller::~Controller() { parts_.board.set_guest_of({}); }

Status Controller::change(const Edit& edit, const Objection& objection) {
  Status status = edit(draft_);
  const ModelDifference difference = difference_of(model_, draft_);
  if (status && difference.empty()) return {};
  if (status && objection) status = objection(draft_);
  if (status) status = carry_out(difference);
  const auto& [before, after] = difference;
  if (!status) {
    exchange_parts(after, before, draft_);
    return status;
  }
  if (before.guests != after.guests) reservations_.reset();
  exchange_parts(before, after, model_);
  for (Event& event : changes_between(before, after)) parts_.journal.publish(std::move(event));
  return {};
}

Status Controller::carry_out(const ModelDifference& difference) {
  const auto& [before, after] = difference;
  in_change_ = true;
  Status status = hpvmnet::apply(planned(before, after, parts_), parts_.board);
  in_change_ = false;
  if (!status) return status;
  if (status = parts_.save(before, after); !status) {
    apply_what_works(planned(after, before, parts_), parts_.board, parts_.log);
  }
  return status;
}

// A guest that is just being made, or has just been removed, counts.
std::string Controller::only_guest_on(const std::string& vswitch, PortNumber port) const {
  const Reservation* here = reservations().find(vswitch, port);
  std::optional<Reservations> next;
  if (here == nullptr && in_change_) {
    next.emplace(draft_);
    here = next->find(vswitch, port);
  }
  return here != nullptr && here->guests.size() == 1 ? here->guests.front().first : std::string();
}

const Reservations& Controller::reservations() const {
  if (!reservations_) reservations_.emplace(model_);
  return *reservations_;
}

std::vector<VswitchTraffic> Controller::traffic(const std::vector<std::string>& vswitches) const {
  return traffic_of(parts_.board, model_, vswitches, reservations());
}

Survey Controller::survey() const {
  Survey survey = take_survey(model_, parts_.board);
  survey.workers = workers();
  return survey;
}

std::vector<VswitchStatus> Controller::vswitches() const {
  std::vector<VswitchStatus> all;
  for (const auto& [name, vswitch] : model_.vswitches) all.push_back(status_of(vswitch));
  sort_by_number(all, &VswitchStatus::number);
  return all;
}

Result<VswitchStatus> Controller::vswitch(const VswitchName& which) const {
  return find_vswitch(model_, which).map([&](const std::string& name) {
    VswitchStatus status = status_of(model_.vswitches.at(name));
    status.multicast_groups = parts_.board.multicast_groups(name);
    return status;
  });
}

VswitchStatus Controller::status_of(const Vswitch& vswitch) const {
  VswitchStatus status;
  status.name = vswitch.name;
  status.number = vswitch.number;
  status.up = vswitch.up;
  status.multicast = vswitch.multicast;
  status.filters = parts_.board.filters(vswitch.name);
  status.mac_addresses = parts_.board.mac_count(vswitch.name);
  if (vswitch.backing) {
    const LivePort* port = parts_.board.find_port(vswitch.name, kUplinkPort);
    status.backing = {.backing = *vswitch.backing, .condition = {}, .counters = {}, .cleared = {}};
    if (port != nullptr) {
      status.backing->condition = port->condition();
      status.backing->counters = port->counters();
      status.backing->cleared = port->cleared();
    }
  }
  const auto& reserved = reservations().of(vswitch.name);
  const auto add_port = [&](PortNumber number, const Reservation& reservation) {
    status.ports.push_back(
        status_of_port(parts_.board, parts_.find_adaptor, vswitch, number, reservation));
  };
  for (const auto& [number, reservation] : reserved) add_port(number, reservation);
  for (const auto& [number, settings] : vswitch.ports) {
    if (!reserved.contains(number)) add_port(number, {});
  }
  sort_by_number(status.ports, &PortStatus::number);
  return status;
}

Status Controller::create_vswitch(const std::string& name,
                                  const std::optional<BackingRequest>& backing, bool force) {
  return change([&](Model& model) { return hpvmnet::create_vswitch(model, name, backing); },
                [&](const Model& next) { return force ? Status{} : check_backing(name, next); });
}

Status Controller::clone_vswitch(const VswitchName& source, const std::string& name,
                                 const std::optional<BackingRequest>& backing, bool force) {
  return change([&](Model& model) { return hpvmnet::clone_vswitch(model, source, name, backing); },
                [&](const Model& next) { return force ? Status{} : check_backing(name, next); });
}

Status Controller::set_backing(const VswitchName& which,
                               const std::optional<BackingRequest>& backing, bool force) {
  return change([&](Model& model) { return hpvmnet::set_backing(model, which, backing); },
                [&](const Model& next) {
                  return force ? Status{} : check_backing(*find_vswitch(next, which), next);
                });
}

// What no edit of the model can judge.
Status Controller::check_backing(const std::string& vswitch, const Model& next) const {
  const auto& backing = next.vswitches.at(vswitch).backing;
  if (!backing) return {};
  const Adaptor* adaptor = parts_.find_adaptor(kUplinkAdaptor);
  if (adaptor == nullptr) {
    return fail(ErrorCode::failed_precondition,
                fmt::format("interface '{}' cannot be used: no plugin provides '{}'",
                            backing->interface, kUplinkAdaptor));
  }
  const PortSpec spec = parts_.board.spec_of(vswitch, kUplinkPort, configuration_of(*backing));
  return adaptor->check(spec).and_then([&] { return adaptor->check_system(spec); });
}

Status Controller::reset_vswitch(const VswitchName& which) {
  const auto name = find_vswitch(model_, which);
  if (!name) return tl::unexpected(name.error());
  Model without = model_;
  without.vswitches.at(*name).backing.reset();
  apply_what_works(planned(model_, without, parts_), parts_.board, parts_.log);
  return hpvmnet::apply(planned(without, model_, parts_), parts_.board);
}

Status Controller::delete_vswitch(const VswitchName& which) {
  return change([&](Model& model) { return hpvmnet::delete_vswitch(model, which); });
}

Status Controller::set_vswitch_up(const VswitchName& which, bool up) {
  return change([&](Model& model) { return hpvmnet::set_vswitch_up(model, which, up); });
}

Status Controller::set_multicast_policy(const VswitchName& which, MulticastPolicy policy) {
  return change([&](Model& model) { return hpvmnet::set_multicast_policy(model, which, policy); });
}

Status Controller::set_filters(const VswitchName& which,
                               const std::vector<FilterSettings>& filters) {
  return change([&](Model& model) { return hpvmnet::set_filters(model, which, filters); });
}

Status Controller::set_port_vlan(const VswitchName& which, std::uint32_t port,
                                 std::optional<std::uint32_t> vlan) {
  return change([&](Model& model) { return hpvmnet::set_port_vlan(model, which, port, vlan); });
}

Status Controller::set_port_trunk(const VswitchName& which, std::uint32_t port,
                                  const std::string& trunk) {
  return change([&](Model& model) { return hpvmnet::set_port_trunk(model, which, port, trunk); });
}

Status Controller::set_port_queue_pairs(const VswitchName& which, std::uint32_t port,
                                        std::uint32_t pairs) {
  return change(
      [&](Model& model) { return hpvmnet::set_port_queue_pairs(model, which, port, pairs); });
}

Status Controller::set_port_rings(const VswitchName& which, std::uint32_t port, bool packed) {
  return change([&](Model& model) { return hpvmnet::set_port_rings(model, which, port, packed); });
}

Result<VswitchStatus> Controller::clear_counters(const VswitchName& which,
                                                 std::optional<std::uint32_t> port) {
  if (port) {
    if (Status status = check_port_number(*port); !status) return tl::unexpected(status.error());
  }
  auto shown = vswitch(which);
  if (!shown) return shown;
  for (const PortStatus& one : shown->ports) {
    if (port && one.number != *port) continue;
    parts_.board.set_cleared(shown->name, one.number, one.counters);
  }
  if (!port && shown->backing) {
    parts_.board.set_cleared(shown->name, kUplinkPort, shown->backing->counters);
  }
  return shown;
}

std::vector<GuestStatus> Controller::guests() const {
  std::vector<GuestStatus> all;
  for (const auto& [name, guest] : model_.guests) all.push_back(status_of(guest));
  sort_by_number(all, [](const GuestStatus& status) { return status.guest.number; });
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
  const Status possible = check_ports(planned(model_, next, parts_), parts_.board);
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
