#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "control/live_port.h"
#include "control/loop_finder.h"
#include "control/model.h"
#include "control/own_port.h"
#include "switch/punt.h"

namespace hpvmnet {

/// Keeps one vswitch from melting in a loop: blocks the guest's port by which its own frames come
/// back, for a while, and says so. Control thread.
class LoopGuard {
 public:
  using Ports = std::map<PortNumber, LivePort*>;
  struct Parts {
    const std::string& vswitch;  ///< its name
    const MacTable& macs;
    const Ports& started;
    EventLoop& loop;
    Log& log;
    std::function<std::uint64_t()> random;
    /// Lets frames pass by a port or not.
    std::function<void(LivePort&, bool blocked)> set_blocked;
    /// Makes the port by which the vswitch itself sends.
    std::function<std::unique_ptr<LivePort>()> make_own_port;
  };
  explicit LoopGuard(Parts parts);
  ~LoopGuard();

  /// For the vswitch's view.
  Punt& punt() noexcept { return punt_; }

  /// Ends its own port. The vswitch must still be there.
  void stop() { own_.reset(); }

  /// To be called each half second.
  void begin_period();

 private:
  void probe();
  void look();
  void block(PortNumber number);

  const Parts parts_;
  std::unique_ptr<Signal> arrived_;
  Punt punt_;
  LoopFinder finder_;
  bool outside_ = false;  // in this period a probe has come back from the network
  bool told_ = false;     // of a loop outside, since the last quiet period
  std::map<PortNumber, std::unique_ptr<Watch>> ends_;  // of blocks
  OwnPort* sender_ = nullptr;                          // own_'s
  std::unique_ptr<LivePort> own_;                      // while it probes
};

}  // namespace hpvmnet
