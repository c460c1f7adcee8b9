#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "base/socket_access.h"
#include "control/filter_chain.h"
#include "control/live_port.h"
#include "control/loop_guard.h"
#include "control/model.h"
#include "control/move_reporter.h"
#include "control/open_ports.h"
#include "control/port_events.h"
#include "control/queue_slots.h"
#include "control/snooper.h"
#include "control/status.h"
#include "control/survey.h"
#include "trace/trace.h"
#include "worker/worker_pool.h"

namespace hpvmnet {

/// The vswitches and ports that exist, as against those that are desired: opens and closes ports,
/// hands their queues to workers and makes the view that workers read. Control thread only.
class Switchboard final : private PortQueues {
 public:
  struct Parts {
    EventLoop& loop;
    WorkerPool& workers;
    Log& log;
    std::filesystem::path directory;  ///< of the vswitches' directories, which hold the sockets
    std::function<Adaptor*(std::string_view name)> find_adaptor;
    FilterChain::Find find_filter;
    std::function<std::uint64_t()> random;
    EventJournal& journal;
    SocketAccess access{};  ///< to the ports' sockets
  };
  explicit Switchboard(Parts parts);
  ~Switchboard() override;

  /// By which events name guests. It must stay callable until it is replaced.
  void set_guest_of(PortEvents::GuestOf guest_of) { events_.set_guest_of(std::move(guest_of)); }

  // The actions of a plan. What takes something away cannot fail; on what does not exist it does
  // nothing, since opening it may have failed at the start of the daemon.
  Status add_vswitch(const std::string& name);
  void remove_vswitch(const std::string& name);
  void set_vswitch_up(const std::string& name, bool up);
  void set_multicast_policy(const std::string& name, MulticastPolicy policy);
  Status set_filters(const std::string& name, const std::vector<FilterSettings>& filters);
  /// The same at any cost: a filter that cannot be made is logged, and refuses every frame.
  void force_filters(const std::string& name, const std::vector<FilterSettings>& filters);
  /// A filter that cannot be run is logged, and nothing is copied.
  void set_mirror(const std::string& name, const std::optional<MirrorSettings>& settings);
  Status open_port(const std::string& vswitch, PortNumber number,
                   const PortConfiguration& configuration);
  void close_port(const std::string& vswitch, PortNumber number);
  void set_port_vlans(const std::string& vswitch, PortNumber number, const PortVlans& vlans);

  /// Notes what an open port's counters were when they were cleared.
  void set_cleared(const std::string& vswitch, PortNumber number, const PortCounters& at);

  /// Whether open_port() could succeed, as far as that can be told without touching the system. The
  /// vswitch need not exist yet.
  Status check_port(const std::string& vswitch, PortNumber number,
                    const PortConfiguration& configuration) const;

  /// Shows frames of a vswitch to a reader, until that closes the capture or lets go of it. Null
  /// where there is no such vswitch.
  std::shared_ptr<Capture> start_capture(const std::string& vswitch, CaptureRequest request);
  std::size_t capture_count() const;  ///< those that are open

  // What can be observed.
  const LivePort* find_port(const std::string& vswitch, PortNumber number) const;
  std::vector<PortReading> read_ports(const std::string& vswitch) const;
  std::vector<MacEntry> mac_table(const std::string& vswitch) const;
  std::size_t mac_count(const std::string& vswitch) const;
  std::vector<FilterStatus> filters(const std::string& vswitch) const;
  std::vector<MulticastGroup> multicast_groups(const std::string& vswitch) const;
  /// What would become of a frame. Nothing where no such port is attached.
  std::optional<Trace> trace(const std::string& vswitch, PortNumber port,
                             std::span<const std::byte> frame) const;
  /// Whether frames from this address have come in by the port within the ageing time.
  bool seen_on_port(const LivePort& port, MacAddress mac) const;
  /// The workers that a port's queues are with, by queue.
  std::vector<unsigned> workers_of(const LivePort& port) const { return slots_.workers_of(port); }
  std::vector<WorkerLoad> worker_loads() const { return parts_.workers.loads(); }
  /// What an adaptor is told of a port with that configuration, open or not.
  PortSpec spec_of(const std::string& vswitch, PortNumber number,
                   const PortConfiguration& configuration) const;

 private:
  struct LiveVswitch {
    explicit LiveVswitch(std::uint64_t seed) : macs(seed) {}
    std::string name;
    bool up = false;
    MacTable macs;
    FilterChain filters;
    std::map<PortNumber, std::unique_ptr<LivePort>> ports;
    std::map<PortNumber, LivePort*> started;
    std::shared_ptr<const VswitchView> view;
    std::unique_ptr<OwnStation> station;
    std::unique_ptr<LoopGuard> guard;
    std::unique_ptr<Snooper> snooper;
    MoveReporter moves;
    Captures captures;
    std::optional<Mirror> mirror;
  };
  Status start(LivePort& port, std::span<const int> wake_descriptors) override;
  void stop(LivePort& port) override;
  void forget_stations(const LivePort& port) override;
  void synchronize() override { parts_.workers.synchronize(); }

  OwnStation::Parts station_parts(LiveVswitch& of);
  LoopGuard::Parts guard_parts(LiveVswitch& of);
  void begin_period(LiveVswitch& of);
  LiveVswitch* find(const std::string& name);
  const LiveVswitch* find(const std::string& name) const;
  FilterChain make_filters(const LiveVswitch& of, const std::vector<FilterSettings>& settings);
  void replace_filters(LiveVswitch& of, FilterChain filters);
  static void tell_company(const LiveVswitch& on);
  void balance();
  void end_captures(LiveVswitch& of);
  static void add_observers(const LiveVswitch& of, VswitchView& view);
  void publish(LiveVswitch& changed);
  void publish();

  Parts parts_;
  PortEvents events_;
  std::map<std::string, std::unique_ptr<LiveVswitch>> vswitches_;
  QueueSlots slots_;
  std::uint64_t version_ = 0;
  std::vector<std::unique_ptr<Watch>> timers_;
};

}  // namespace hpvmnet
