#include "control/controller.h"

#include <algorithm>
#include <set>
#include <utility>

#include "control/apply.h"
#include "control/model_changes.h"
#include "control/plan.h"
#include "control/take_survey.h"

namespace hpvmnet {
namespace {

template <class T>
void sort_by_number(std::vector<T>& objects, auto number) {
  std::ranges::sort(objects, {}, number);
}

// The guests that name a port, by port, with the adaptor and the endpoint that they agree on.
struct Reservation {
  std::string adaptor;
  std::string endpoint;  // as the vNICs say
  std::vector<std::pair<std::string, MacAddress>> guests;
};

std::map<PortNumber, Reservation> reservations_of(const Model& model, const std::string& vswitch) {
  std::map<PortNumber, Reservation> ports;
  for (const auto& [name, guest] : model.guests) {
    for (const Vnic& vnic : guest.vnics) {
      if (vnic.vswitch != vswitch) continue;
      Reservation& port = ports[vnic.port];
      port.adaptor = vnic.adaptor;
      port.endpoint = vnic.endpoint;
      port.guests.emplace_back(name, vnic.mac);
    }
  }
  return ports;
}

// The attached guest of a port: the one that reserves it, or of several the one whose frames come
// in.
std::string active_guest(const Switchboard& board, const LivePort& port,
                         const Reservation& reservation) {
  if (!port.peer_present()) return {};
  if (reservation.guests.size() == 1) return reservation.guests.front().first;
  for (const auto& [name, mac] : reservation.guests) {
    if (board.seen_on_port(port, mac)) return name;
  }
  return {};
}

PortStatus status_of_port(const Controller::Parts& parts, const Vswitch& vswitch, PortNumber number,
                          const Reservation& reservation) {
  const Switchboard& board = parts.board;
  PortStatus status;
  status.number = number;
  status.adaptor = reservation.adaptor;
  if (const auto settings = vswitch.ports.find(number); settings != vswitch.ports.end()) {
    status.vlan = settings->second.vlans.untagged;
    status.trunk = settings->second.vlans.trunk.text();
    status.queue_pairs = settings->second.queue_pairs;
    status.packed_rings = settings->second.packed_rings;
  }
  if (reservation.guests.empty()) return status;
  for (const auto& [name, mac] : reservation.guests) status.reserved.push_back(name);
  status.state = PortState::reserved;
  PortConfiguration configuration;
  configuration.endpoint = reservation.endpoint;
  if (const Adaptor* adaptor = parts.find_adaptor(reservation.adaptor)) {
    const PortSpec spec = board.spec_of(vswitch.name, number, configuration);
    status.socket = adaptor->socket(spec).string();
    status.endpoint = adaptor->endpoint(spec);
  }
  const LivePort* port = board.find_port(vswitch.name, number);
  if (port == nullptr) return status;
  status.counters = port->counters();
  status.workers = board.workers_of(*port);
  status.blocked = port->blocked();
  status.active = active_guest(board, *port, reservation);
  if (port->peer_present()) status.state = vswitch.up ? PortState::active : PortState::down;
  return status;
}

bool reserves(const Model& model, const std::string& guest, const std::string& vswitch,
              PortNumber port) {
  const auto found = model.guests.find(guest);
  return found != model.guests.end() &&
         std::ranges::any_of(found->second.vnics, [&](const Vnic& vnic) {
           return vnic.vswitch == vswitch && vnic.port == port;
         });
}

// Rings lie in memory that a guest shares: kinds of port that share none have none.
TraitsOf traits_of(const Controller::Parts& parts) {
  return [&parts](std::string_view name) -> PortTraits {
    const Adaptor* adaptor = parts.find_adaptor(name);
    if (adaptor == nullptr) return {};
    return {.rings = adaptor->needs_shared_memory(),
            .mac = adaptor->uses_mac(),
            .queue_pairs = adaptor->uses_queue_pairs()};
  };
}

std::vector<Action> planned(const Model& from, const Model& to, const Controller::Parts& parts) {
  return plan(from, to, traits_of(parts));
}

}  // namespace

Controller::Controller(Model model, Parts parts)
    : model_(std::move(model)), parts_(std::move(parts)) {
  parts_.journal.publish({.kind = EventKind::daemon_started,
                          .text = fmt::format("hpvmnetd {} has started", HPVMNET_VERSION)});
  parts_.board.set_guest_of(
      [this](const std::string& vswitch, PortNumber port) { return only_guest_on(vswitch, port); });
  apply_what_works(planned(Model{}, model_, parts_), parts_.board, parts_.log);
}

Controller::~Controller() { parts_.board.set_guest_of({}); }

Status Controller::change(const Edit& edit, const Objection& objection) {
  Model next = model_;
  if (Status status = edit(next); !status) return status;
  if (next == model_) return {};
  if (objection) {
    if (Status status = objection(next); !status) return status;
  }
  const std::vector<Action> actions = planned(model_, next, parts_);
  next_ = &next;
  Status status = apply(actions, parts_.board);
  next_ = nullptr;
  if (!status) return status;
  if (status = parts_.save(model_, next); !status) {
    apply_what_works(planned(next, model_, parts_), parts_.board, parts_.log);
    return status;
  }
  for (Event& event : changes_between(model_, next)) parts_.journal.publish(std::move(event));
  model_ = std::move(next);
  return {};
}

// A guest that is just being made, or has just been removed, counts.
std::string Controller::only_guest_on(const std::string& vswitch, PortNumber port) const {
  const auto only_one = [&](const Model& model) {
    std::string only;
    for (const auto& [name, guest] : model.guests) {
      const bool here = std::ranges::any_of(guest.vnics, [&](const Vnic& vnic) {
        return vnic.port == port && vnic.vswitch == vswitch;
      });
      if (!here) continue;
      if (!only.empty()) return std::string();
      only = name;
    }
    return only;
  };
  std::string now = only_one(model_);
  return now.empty() && next_ != nullptr ? only_one(*next_) : now;
}

std::vector<WorkerStatus> Controller::workers() const {
  std::vector<WorkerStatus> workers;
  for (const WorkerLoad& load : parts_.board.worker_loads()) {
    workers.push_back({load.cpu, static_cast<std::uint64_t>(load.busy.count()),
                       static_cast<std::uint64_t>(load.total.count())});
  }
  return workers;
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
  status.mac_addresses = parts_.board.mac_count(vswitch.name);
  if (vswitch.backing) {
    const LivePort* port = parts_.board.find_port(vswitch.name, kUplinkPort);
    status.backing = {.backing = *vswitch.backing, .condition = {}, .counters = {}};
    if (port != nullptr) {
      status.backing->condition = port->condition();
      status.backing->counters = port->counters();
    }
  }
  auto reservations = reservations_of(model_, vswitch.name);
  for (const auto& [number, settings] : vswitch.ports) reservations.try_emplace(number);
  for (const auto& [number, reservation] : reservations) {
    status.ports.push_back(status_of_port(parts_, vswitch, number, reservation));
  }
  return status;
}

Status Controller::create_vswitch(const std::string& name,
                                  const std::optional<BackingRequest>& backing, bool force) {
  return change([&](Model& model) { return hpvmnet::create_vswitch(model, name, backing); },
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

Result<std::vector<MacEntry>> Controller::mac_table(const VswitchName& which) const {
  return find_vswitch(model_, which).map([&](const std::string& name) {
    return parts_.board.mac_table(name);
  });
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
  const auto reservations = reservations_of(model_, vnic.vswitch);
  return active_guest(parts_.board, *port, reservations.at(vnic.port)) == guest.name;
}

Status Controller::create_guest(const std::string& name, const std::vector<VnicRequest>& vnics) {
  return change(
      [&](Model& model) { return hpvmnet::create_guest(model, name, vnics, parts_.context); });
}

Status Controller::modify_guest(const std::string& name, const GuestChange& request, bool force) {
  return change(
      [&](Model& model) { return hpvmnet::modify_guest(model, name, request, parts_.context); },
      [&](const Model& next) { return force ? Status{} : refuse_detaching(name, next); });
}

Status Controller::remove_guest(const std::string& name, bool force) {
  return change([&](Model& model) { return hpvmnet::remove_guest(model, name); },
                [&](const Model& next) { return force ? Status{} : refuse_detaching(name, next); });
}

// A change must not take a port from under a running guest by accident.
Status Controller::refuse_detaching(const std::string& name, const Model& next) const {
  const Guest& before = model_.guests.at(name);
  const OpenPorts ports_before = open_ports(model_, traits_of(parts_));
  const OpenPorts ports_after = open_ports(next, traits_of(parts_));
  for (const Vnic& vnic : before.vnics) {
    const std::pair place(vnic.vswitch, vnic.port);
    const bool stays = reserves(next, name, vnic.vswitch, vnic.port) &&
                       stays_open(ports_before.at(place), ports_after.at(place));
    if (stays || !is_active(before, vnic)) continue;
    return fail(ErrorCode::failed_precondition,
                fmt::format("guest '{}' is attached to port {} of vswitch '{}'; stop the guest "
                            "first, or force the change with -F, which disconnects it",
                            name, vnic.port, vnic.vswitch));
  }
  return {};
}

Result<std::vector<std::string>> Controller::qemu_arguments(const std::string& name,
                                                            std::uint64_t memory_mib) const {
  const auto found = find_guest(name);
  if (!found) return tl::unexpected(found.error());
  const OpenPorts ports = open_ports(model_, traits_of(parts_));
  std::vector<std::string> all;
  bool shared_memory = false;
  for (const Vnic& vnic : (*found)->vnics) {
    const Adaptor* adaptor = parts_.find_adaptor(vnic.adaptor);
    if (adaptor == nullptr) {
      return fail(ErrorCode::failed_precondition,
                  fmt::format("guest '{}' has a vNIC of type '{}', which no plugin provides", name,
                              vnic.adaptor));
    }
    shared_memory = shared_memory || adaptor->needs_shared_memory();
    const PortConfiguration& configuration = ports.at({vnic.vswitch, vnic.port});
    const AttachmentSpec spec{parts_.board.spec_of(vnic.vswitch, vnic.port, configuration),
                              fmt::format("hpvmnet-{}-{}", vnic.bus, vnic.device), vnic.mac,
                              settings_of(model_, vnic.vswitch, vnic.port).queue_pairs};
    for (std::string& argument : adaptor->qemu_arguments(spec)) all.push_back(std::move(argument));
  }
  if (shared_memory) {
    const std::vector<std::string> memory{
        "-m",
        fmt::format("{}M", memory_mib),
        "-object",
        fmt::format("memory-backend-memfd,id=hpvmnet-memory,size={}M,share=on", memory_mib),
        "-machine",
        "memory-backend=hpvmnet-memory"};
    all.insert(all.begin(), memory.begin(), memory.end());
  }
  return all;
}

}  // namespace hpvmnet
