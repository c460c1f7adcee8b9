#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "control/live_port.h"
#include "control/own_port.h"
#include "switch/punt.h"

namespace hpvmnet {

/// A vswitch as a station of its own: gets the frames that workers keep for it, and sends some.
/// Control thread.
class OwnStation {
 public:
  using Received = std::function<void(const Punt::Item&)>;
  struct Parts {
    EventLoop& loop;
    /// Makes the port by which it sends.
    std::function<std::unique_ptr<LivePort>()> make_port;
    /// Is given each frame, and then hears that there are no more for the moment.
    Received received;
    std::function<void()> all_received;
  };
  explicit OwnStation(Parts parts);
  ~OwnStation();

  /// For the vswitch's view.
  Punt& punt() noexcept { return punt_; }

  /// A whole frame, with the tag of its VLAN.
  void send(std::vector<std::byte> frame);

  /// Ends its port. The vswitch must still be there.
  void stop() { port_.reset(); }

  /// To be called each half second: a port by which nothing was sent since the last time ends.
  void begin_period();

 private:
  void wait();
  void look();

  const Parts parts_;
  std::unique_ptr<Signal> arrived_;
  Punt punt_;
  std::unique_ptr<Watch> waiting_;
  bool sent_ = false;               // in this period
  OwnPort* sender_ = nullptr;       // port_'s
  std::unique_ptr<LivePort> port_;  // while it sends
};

}  // namespace hpvmnet
