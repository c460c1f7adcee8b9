#include "control/controller.h"

#include <algorithm>
#include <utility>

#include "control/apply.h"
#include "control/model_changes.h"
#include "control/port_status.h"
#include "control/port_traits.h"
#include "control/rules.h"
#include "control/take_survey.h"

namespace hpvmnet {
Controller::Controller(Model model, Parts parts)
    : model_(std::move(model)), draft_(model_), parts_(std::move(parts)) {
  parts_.journal.publish({.kind = EventKind::daemon_started,
                          .text = fmt::format("hpvmnetd {} has started", HPVMNET_VERSION)});
  parts_.board.set_guest_of(
      [this](const std::string& vswitch, PortNumber port) { return only_guest_on(vswitch, port); });
  apply_what_works(planned(Model{}, model_), parts_.board, parts_.log);
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

std::vector<Action> Controller::planned(const Model& from, const Model& to) const {
  const ModelDifference difference = difference_of(from, to);
  return plan(difference.from, difference.to, traits_of(parts_.find_adaptor));
}

Status Controller::carry_out(const ModelDifference& difference) {
  const auto& [before, after] = difference;
  in_change_ = true;
  Status status = hpvmnet::apply(planned(before, after), parts_.board);
  in_change_ = false;
  if (!status) return status;
  if (status = parts_.save(before, after); !status) {
    apply_what_works(planned(after, before), parts_.board, parts_.log);
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
  std::ranges::sort(all, {}, &VswitchStatus::number);
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
  status.mirror = vswitch.mirror;
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
  std::ranges::sort(status.ports, {}, &PortStatus::number);
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
  apply_what_works(planned(model_, without), parts_.board, parts_.log);
  return hpvmnet::apply(planned(without, model_), parts_.board);
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

}  // namespace hpvmnet
