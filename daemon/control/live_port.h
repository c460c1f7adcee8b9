#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/subject_log.h"
#include "control/port_events.h"
#include "control/status.h"
#include "plugin/adaptor.h"
#include "switch/view.h"

namespace hpvmnet {

class LivePort;

/// What a port asks of the switchboard.
class PortQueues {
 public:
  virtual ~PortQueues() = default;
  virtual Status start(LivePort& port, std::span<const int> wake_descriptors) = 0;
  virtual void stop(LivePort& port) = 0;
  /// Has the vswitch forget who was behind the port.
  virtual void forget_stations(const LivePort& port) = 0;
  virtual void synchronize() = 0;
};

/// An open port: the adaptor's Port, its host and its counters. Control thread only, but for the
/// counters, which workers write.
class LivePort final : public PortHost {
 public:
  LivePort(PortSpec spec, const PortVlans& vlans, std::size_t workers, EventLoop& loop,
           PortQueues& queues, PortEvents& events, Log& log);
  ~LivePort() override;

  /// Has the adaptor open the port. Once.
  Status open(Adaptor& adaptor);

  /// Takes a port that no adaptor has opened. Once.
  void adopt(std::unique_ptr<Port> port) { port_ = std::move(port); }

  const PortSpec& spec() const noexcept { return spec_; }
  bool peer_present() const noexcept { return peer_present_; }
  const PortCondition& condition() const noexcept { return condition_; }
  /// Since the port was opened.
  PortCounters counters() const;
  /// What they were when an administrator cleared them; they themselves go on.
  const std::optional<PortCounters>& cleared() const noexcept { return cleared_; }
  void set_cleared(const PortCounters& at) { cleared_ = at; }
  std::uint64_t ingress_frames(std::size_t worker) const {
    return tallies_[worker].ingress_frames.get();
  }
  /// Its `tags` are for the view to set, which has to own them.
  PortView view() const noexcept;
  void set_vlans(const PortVlans& vlans) { vlans_ = vlans; }
  /// A blocked port is attached, but no frames pass.
  void set_blocked(bool blocked);
  bool blocked() const noexcept { return blocked_; }
  const PortVlans& vlans() const noexcept { return vlans_; }
  /// Whether another port of its vswitch is started, too. Only while this one is.
  void set_company(bool present);

  EventLoop& loop() override { return loop_; }
  void set_peer(bool present) override;
  void set_condition(PortCondition condition) override;
  void start_queues(std::span<const int> wake_descriptors) override;
  void stop_queues() override;
  void synchronize() override { queues_.synchronize(); }
  Log& log() override { return log_; }

 private:
  void tell_up();
  void tell_down();

  const PortSpec spec_;
  PortVlans vlans_;
  EventLoop& loop_;
  PortQueues& queues_;
  PortEvents& events_;
  SubjectLog log_;
  const std::size_t workers_;
  std::unique_ptr<Tally[]> tallies_;
  std::optional<std::vector<int>> wanted_;  // started before open() has returned the port
  bool started_ = false;
  std::optional<bool> company_;  // that the port has heard of
  bool blocked_ = false;
  bool peer_present_ = false;
  std::optional<PortCounters> cleared_;
  PortCondition condition_;
  bool told_up_ = false;             // that it is up; a change of its rings is no event
  std::unique_ptr<Watch> settling_;  // while it may be such a change
  std::optional<bool> link_;         // that events have told of
  std::unique_ptr<Port> port_;
};

}  // namespace hpvmnet
