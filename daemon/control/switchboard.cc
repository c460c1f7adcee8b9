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

tl::unexpected<Error> cannot_open(const std::string& vswitch, PortNumber number,
                                  const std::string& why) {
  return fail(ErrorCode::failed_precondition,
              fmt::format("port {} of vswitch '{}' cannot be opened: {}", number, vswitch, why));
}

template <class Ports>
std::shared_ptr<const VswitchView> view_of(bool up, MacTable& macs, Punt& punt,
                                           const Ports& started) {
  auto view = std::make_shared<VswitchView>();
  view->up = up;
  view->macs = &macs;
  view->punt = &punt;
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

Switchboard::Switchboard(Parts parts) : parts_(std::move(parts)), slots_(parts_.workers) {
  publish();
  timers_.push_back(parts_.loop.every(5s, [this] {
    for (auto& [name, vswitch] : vswitches_) vswitch->macs.sweep(seconds_now());
    balance();
  }));
  timers_.push_back(parts_.loop.every(500ms, [this] {
    for (auto& [name, vswitch] : vswitches_) vswitch->guard->begin_period();
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
  added.guard = std::make_unique<LoopGuard>(guard_parts(added));
  vswitches_[name] = std::move(vswitch);
  publish(added);
  return {};
}

LoopGuard::Parts Switchboard::guard_parts(LiveVswitch& of) {
  return {.vswitch = of.name,
          .macs = of.macs,
          .started = of.started,
          .loop = parts_.loop,
          .log = parts_.log,
          .random = parts_.random,
          .set_blocked =
              [this, &of](LivePort& port, bool blocked) {
                port.set_blocked(blocked);
                publish(of);
                of.macs.flush(static_cast<std::uint16_t>(port.spec().number));
              },
          .make_own_port =
              [this, &of] {
                const PortVlans all{.untagged = kNoVlan, .tagged = VlanSet::all()};
                return std::make_unique<LivePort>(spec_of(of.name, VswitchView::kOwnPort, {}), all,
                                                  parts_.workers.size(), parts_.loop,
                                                  static_cast<PortQueues&>(*this), parts_.log);
              }};
}

void Switchboard::remove_vswitch(const std::string& name) {
  const auto found = vswitches_.find(name);
  if (found == vswitches_.end()) return;
  found->second->guard->stop();
  found->second->ports.clear();
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
  publish(*vswitch);
}

Status Switchboard::open_port(const std::string& vswitch, PortNumber number,
                              const PortConfiguration& configuration) {
  LiveVswitch* on = find(vswitch);
  if (on == nullptr) return cannot_open(vswitch, number, "no such vswitch is running");
  if (Status status = check_port(vswitch, number, configuration); !status) return status;
  auto port = std::make_unique<LivePort>(spec_of(vswitch, number, configuration),
                                         configuration.vlans, parts_.workers.size(), parts_.loop,
                                         static_cast<PortQueues&>(*this), parts_.log);
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
  on->ports[number]->set_vlans(vlans);
  publish(*on);
  on->macs.flush(number);  // after the last frame in the old VLAN has been learnt
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
    std::optional<VlanId> vlan;
    if (entry.domain != kNoVlan) vlan = entry.domain;
    entries.push_back({entry.mac, vlan, entry.port, entry.age});
  }
  return entries;
}

std::size_t Switchboard::mac_count(const std::string& vswitch) const {
  const LiveVswitch* on = find(vswitch);
  return on == nullptr ? 0 : on->macs.size();
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
          .mode = configuration.mode};
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
  publish(on);
  return {};
}

void Switchboard::stop(LivePort& port) {
  slots_.vacate(port);
  LiveVswitch& on = *find(port.spec().vswitch);
  on.started.erase(static_cast<PortNumber>(port.spec().number));
  publish(on);
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
  changed.view = view_of(changed.up, changed.macs, changed.guard->punt(), changed.started);
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
