#include "control/switchboard.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace hpvmnet {
namespace {

using namespace std::chrono_literals;

// The clock that workers age the MAC tables by.
std::uint32_t seconds_now() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::seconds>(now).count());
}

std::optional<VlanId> vlan_of(Domain domain) {
  return domain == kNoVlan ? std::nullopt : std::optional<VlanId>(domain);
}

tl::unexpected<Error> cannot_open(const std::string& vswitch, PortNumber number,
                                  const std::string& why) {
  return fail(ErrorCode::failed_precondition,
              fmt::format("port {} of vswitch '{}' cannot be opened: {}", number, vswitch, why));
}

template <class Ports>
std::shared_ptr<VswitchView> view_of(const Ports& started) {
  auto view = std::make_shared<VswitchView>();
  view->index_of.fill(VswitchView::kAbsent);
  for (const auto& [number, port] : started) {
    view->index_of[number] = static_cast<std::uint16_t>(view->ports.size());
    PortView& added = view->ports.emplace_back(port->view());
    if (port->vlans().takes_tags() && !port->blocked())
      added.tags = &view->tags.emplace_back(port->vlans());
  }
  return view;
}

}  // namespace

Switchboard::Switchboard(Parts parts)
    : parts_(std::move(parts)), events_(parts_.journal), slots_(parts_.workers) {
  publish();
  timers_.push_back(parts_.loop.every(5s, [this] {
    for (auto& [name, vswitch] : vswitches_) vswitch->macs.sweep(seconds_now());
    balance();
  }));
  timers_.push_back(parts_.loop.every(500ms, [this] {
    for (auto& [name, vswitch] : vswitches_) begin_period(*vswitch);
  }));
  timers_.push_back(parts_.loop.every(100ms, [this] { parts_.workers.nudge_stuck(); }));
}

Switchboard::~Switchboard() {
  while (!vswitches_.empty()) remove_vswitch(std::string(vswitches_.begin()->first));
}

Status Switchboard::add_vswitch(const std::string& name) {
  const auto directory = parts_.directory / name;
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  constexpr auto kAllMayEnter = static_cast<std::filesystem::perms>(0755);  // whatever the umask
  if (!error) std::filesystem::permissions(directory, kAllMayEnter, error);
  if (error) return system_failure("cannot make " + directory.string(), error.value());
  auto vswitch = std::make_unique<LiveVswitch>(parts_.random());
  LiveVswitch& added = *vswitch;
  added.name = name;
  added.station = std::make_unique<OwnStation>(station_parts(added));
  added.guard = std::make_unique<LoopGuard>(guard_parts(added));
  added.snooper = std::make_unique<Snooper>(added.macs, *added.station);
  vswitches_[name] = std::move(vswitch);
  publish(added);
  return {};
}

OwnStation::Parts Switchboard::station_parts(LiveVswitch& of) {
  return {.loop = parts_.loop,
          .make_port =
              [this, &of] {
                const PortVlans all{.untagged = kNoVlan, .tagged = VlanSet::all()};
                return std::make_unique<LivePort>(
                    spec_of(of.name, VswitchView::kOwnPort, {}), all, parts_.workers.size(),
                    parts_.loop, static_cast<PortQueues&>(*this), events_, parts_.log);
              },
          .received =
              [&of](const Punt::Item& item) {
                if (!of.guard->take(item)) of.snooper->take(item);
              },
          .all_received =
              [this, &of] {
                if (of.snooper->changed()) publish(of);
              }};
}

void Switchboard::begin_period(LiveVswitch& of) {
  end_captures(of);
  of.station->begin_period();
  of.guard->begin_period();
  of.snooper->begin_period();
  if (of.snooper->changed()) publish(of);
  events_.moved(of.name, of.moves.begin_period(of.macs.moves(), of.macs.latest_moves().take()));
}

LoopGuard::Parts Switchboard::guard_parts(LiveVswitch& of) {
  return {.vswitch = of.name,
          .macs = of.macs,
          .started = of.started,
          .loop = parts_.loop,
          .log = parts_.log,
          .station = *of.station,
          .random = parts_.random,
          .set_blocked = [this, &of](LivePort& port, bool blocked) {
            port.set_blocked(blocked);
            publish(of);
            of.macs.flush(static_cast<std::uint16_t>(port.spec().number));
          }};
}

void Switchboard::remove_vswitch(const std::string& name) {
  const auto found = vswitches_.find(name);
  if (found == vswitches_.end()) return;
  found->second->station->stop();
  found->second->ports.clear();
  for (const auto& capture : found->second->captures) capture->end();
  auto removed = std::move(found->second);
  vswitches_.erase(found);
  publish();
  std::error_code ignored;
  std::filesystem::remove(parts_.directory / name, ignored);
}

void Switchboard::set_vswitch_up(const std::string& name, bool up) {
  LiveVswitch* vswitch = find(name);
  if (vswitch == nullptr || vswitch->up == up) return;
  vswitch->up = up;
  if (up) {  // who joined a group meanwhile was not heard
    for (const auto& [number, port] : vswitch->started) vswitch->snooper->begin_port(*port);
  }
  publish(*vswitch);
}

void Switchboard::set_multicast_policy(const std::string& name, MulticastPolicy policy) {
  LiveVswitch* vswitch = find(name);
  if (vswitch == nullptr) return;
  vswitch->snooper->set_policy(policy);
  publish(*vswitch);
}

Status Switchboard::set_filters(const std::string& name,
                                const std::vector<FilterSettings>& filters) {
  LiveVswitch* vswitch = find(name);
  if (vswitch == nullptr) return {};
  FilterChain made = make_filters(*vswitch, filters);
  if (Status usable = made.check(name); !usable) return usable;
  replace_filters(*vswitch, std::move(made));
  return {};
}

void Switchboard::force_filters(const std::string& name,
                                const std::vector<FilterSettings>& filters) {
  LiveVswitch* vswitch = find(name);
  if (vswitch == nullptr) return;
  FilterChain made = make_filters(*vswitch, filters);
  if (const Status usable = made.check(name); !usable) {
    parts_.log.error("{}; until its filters can be used or are taken away, no frame passes it",
                     usable.error().text);
  }
  replace_filters(*vswitch, std::move(made));
}

FilterChain Switchboard::make_filters(const LiveVswitch& of,
                                      const std::vector<FilterSettings>& settings) {
  return {of.name, settings, of.filters, parts_.find_filter, parts_.log};
}

// Those before end when no worker knows them any longer.
void Switchboard::replace_filters(LiveVswitch& of, FilterChain filters) {
  std::swap(of.filters, filters);
  publish(of);
}

std::vector<FilterStatus> Switchboard::filters(const std::string& vswitch) const {
  std::vector<FilterStatus> all;
  const LiveVswitch* on = find(vswitch);
  if (on == nullptr) return all;
  for (const auto& [settings, remark] : on->filters.links()) all.push_back({settings, remark});
  return all;
}

Status Switchboard::open_port(const std::string& vswitch, PortNumber number,
                              const PortConfiguration& configuration) {
  LiveVswitch* on = find(vswitch);
  if (on == nullptr) return cannot_open(vswitch, number, "no such vswitch is running");
  if (Status status = check_port(vswitch, number, configuration); !status) return status;
  auto port = std::make_unique<LivePort>(spec_of(vswitch, number, configuration),
                                         configuration.vlans, parts_.workers.size(), parts_.loop,
                                         static_cast<PortQueues&>(*this), events_, parts_.log);
  Adaptor& adaptor = *parts_.find_adaptor(configuration.adaptor);
  if (Status status = port->open(adaptor); !status) return status;
  on->ports[number] = std::move(port);
  return {};
}

Status Switchboard::check_port(const std::string& vswitch, PortNumber number,
                               const PortConfiguration& configuration) const {
  const Adaptor* adaptor = parts_.find_adaptor(configuration.adaptor);
  if (adaptor != nullptr) return adaptor->check(spec_of(vswitch, number, configuration));
  return cannot_open(vswitch, number,
                     fmt::format("no plugin provides '{}'", configuration.adaptor));
}

void Switchboard::close_port(const std::string& vswitch, PortNumber number) {
  if (LiveVswitch* on = find(vswitch)) on->ports.erase(number);
}

void Switchboard::set_port_vlans(const std::string& vswitch, PortNumber number,
                                 const PortVlans& vlans) {
  LiveVswitch* on = find(vswitch);
  if (on == nullptr || !on->ports.contains(number)) return;
  LivePort& port = *on->ports[number];
  port.set_vlans(vlans);
  if (on->started.contains(number)) {  // what was wanted in the old VLAN is not in the new one
    on->snooper->end_port(port);
    on->snooper->begin_port(port);
  }
  publish(*on);
  on->macs.flush(number);  // after the last frame in the old VLAN has been learnt
}

void Switchboard::set_cleared(const std::string& vswitch, PortNumber number,
                              const PortCounters& at) {
  LiveVswitch* on = find(vswitch);
  if (on == nullptr) return;
  const auto port = on->ports.find(number);
  if (port != on->ports.end()) port->second->set_cleared(at);
}

const LivePort* Switchboard::find_port(const std::string& vswitch, PortNumber number) const {
  const LiveVswitch* on = find(vswitch);
  if (on == nullptr) return nullptr;
  const auto port = on->ports.find(number);
  return port == on->ports.end() ? nullptr : port->second.get();
}

std::vector<MacEntry> Switchboard::mac_table(const std::string& vswitch) const {
  std::vector<MacEntry> entries;
  const LiveVswitch* on = find(vswitch);
  if (on == nullptr) return entries;
  for (const MacTable::Entry& entry : on->macs.list(seconds_now())) {
    if (entry.port == VswitchView::kOwnPort) continue;
    entries.push_back({entry.mac, vlan_of(entry.domain), entry.port, entry.age});
  }
  return entries;
}

std::size_t Switchboard::mac_count(const std::string& vswitch) const {
  const LiveVswitch* on = find(vswitch);
  return on == nullptr ? 0 : on->macs.size();
}

std::vector<MulticastGroup> Switchboard::multicast_groups(const std::string& vswitch) const {
  std::vector<MulticastGroup> groups;
  const LiveVswitch* on = find(vswitch);
  if (on == nullptr) return groups;
  for (const auto& group : on->snooper->groups()) {
    groups.push_back({group.address.text(), vlan_of(group.domain), group.ports});
  }
  return groups;
}

std::optional<Trace> Switchboard::trace(const std::string& vswitch, PortNumber port,
                                        std::span<const std::byte> frame) const {
  const LiveVswitch* on = find(vswitch);
  if (on == nullptr || on->view->index_of[port] == VswitchView::kAbsent) return std::nullopt;
  return trace_frame(*on->view, on->view->index_of[port], frame, seconds_now());
}

bool Switchboard::seen_on_port(const LivePort& port, MacAddress mac) const {
  const LiveVswitch* on = find(port.spec().vswitch);
  if (on == nullptr) return false;
  const auto seen_in = [&](Domain domain) {
    const MacTable::Key key = on->macs.key(mac.value(), domain);
    return on->macs.find(key, seconds_now()) == port.spec().number;
  };
  if (seen_in(port.vlans().untagged)) return true;
  return std::ranges::any_of(port.vlans().tagged.ranges(), [&](const VlanSet::Range& range) {
    for (unsigned vlan = range.first; vlan <= range.last; ++vlan) {
      if (seen_in(static_cast<Domain>(vlan))) return true;
    }
    return false;
  });
}

PortSpec Switchboard::spec_of(const std::string& vswitch, PortNumber number,
                              const PortConfiguration& configuration) const {
  return {.vswitch = vswitch,
          .number = number,
          .directory = parts_.directory / vswitch,
          .endpoint = configuration.endpoint,
          .mac = configuration.mac,
          .packed_rings = configuration.packed_rings,
          .queue_pairs = configuration.queue_pairs,
          .mode = configuration.mode,
          .access = parts_.access};
}

// Descriptors are watched before workers know the queues: what happens meanwhile is found by the
// first visit, which each queue of a new view gets.
Status Switchboard::start(LivePort& port, std::span<const int> wake_descriptors) {
  for (std::size_t queue = 0; queue < wake_descriptors.size(); ++queue) {
    const Status occupied =
        slots_.occupy(port, static_cast<QueueId>(queue), wake_descriptors[queue]);
    if (!occupied) {
      slots_.vacate(port);
      return occupied;
    }
  }
  LiveVswitch& on = *find(port.spec().vswitch);
  on.started[static_cast<PortNumber>(port.spec().number)] = &port;
  on.snooper->begin_port(port);
  publish(on);
  tell_company(on);
  return {};
}

void Switchboard::stop(LivePort& port) {
  slots_.vacate(port);
  LiveVswitch& on = *find(port.spec().vswitch);
  on.started.erase(static_cast<PortNumber>(port.spec().number));
  on.snooper->end_port(port);
  publish(on);
  tell_company(on);
}

void Switchboard::tell_company(const LiveVswitch& on) {
  const std::size_t attached = on.started.size() - on.started.count(VswitchView::kOwnPort);
  for (const auto& [number, port] : on.started) {
    if (number != VswitchView::kOwnPort) port->set_company(attached > 1);
  }
}

// While a port's rings are changed its stations stay known: their frames are not flooded.
void Switchboard::forget_stations(const LivePort& port) {
  find(port.spec().vswitch)->macs.flush(static_cast<std::uint16_t>(port.spec().number));
}

// One queue at a time changes its worker. In between nobody visits it, and nothing is lost: the new
// worker's first visit finds what has come meanwhile.
void Switchboard::balance() {
  const std::optional<QueueSlots::Transfer> transfer = slots_.begin_balancing();
  if (!transfer) return;
  publish();
  slots_.finish(*transfer);
  publish();
}

Switchboard::LiveVswitch* Switchboard::find(const std::string& name) {
  const auto found = vswitches_.find(name);
  return found == vswitches_.end() ? nullptr : found->second.get();
}

const Switchboard::LiveVswitch* Switchboard::find(const std::string& name) const {
  return const_cast<Switchboard*>(this)->find(name);
}

void Switchboard::publish(LiveVswitch& changed) {
  auto view = view_of(changed.started);
  view->up = changed.up;
  view->macs = &changed.macs;
  view->filters = changed.filters.filters();
  view->punt = &changed.station->punt();
  view->groups = changed.snooper->table();
  add_observers(changed, *view);
  changed.view = std::move(view);
  publish();
}

void Switchboard::publish() {
  auto view = std::make_unique<View>();
  view->version = ++version_;
  for (const auto& [name, vswitch] : vswitches_) view->vswitches.push_back(vswitch->view);
  for (const auto& slots : slots_.slots()) {
    auto& queues = view->queues.emplace_back(slots.size());
    for (std::size_t i = 0; i < slots.size(); ++i) {
      if (slots[i].port == nullptr) continue;
      const PortSpec& spec = slots[i].port->spec();
      const VswitchView& on = *find(spec.vswitch)->view;
      queues[i] = {&on, on.index_of[spec.number], slots[i].queue, slots[i].wake};
    }
  }
  parts_.workers.publish(std::move(view));
}

}  // namespace hpvmnet
