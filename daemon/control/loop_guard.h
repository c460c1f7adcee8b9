#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "control/live_port.h"
#include "control/loop_finder.h"
#include "control/model.h"
#include "control/own_station.h"

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
    OwnStation& station;
    std::function<std::uint64_t()> random;
    /// Lets frames pass by a port or not.
    std::function<void(LivePort&, bool blocked)> set_blocked;
  };
  explicit LoopGuard(Parts parts);
  ~LoopGuard();

  /// A frame that a worker has kept for the vswitch. False: it is no probe.
  bool take(const Punt::Item& item);

  /// To be called each half second.
  void begin_period();

 private:
  void probe();
  void block(PortNumber number);

  const Parts parts_;
  LoopFinder finder_;
  bool outside_ = false;  // in this period a probe has come back from the network
  bool told_ = false;     // of a loop outside, since the last quiet period
  std::map<PortNumber, std::unique_ptr<Watch>> ends_;  // of blocks
};

}  // namespace hpvmnet
