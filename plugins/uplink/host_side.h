#pragma once

#include <memory>
#include <span>

#include "base/result.h"
#include "host/tap.h"
#include "host/tap_queue.h"
#include "uplink/host_programs.h"

namespace hpvmnet::uplink {

/// The host's side of an interface: a tap by which its kernel and the switch exchange frames, and
/// the programs that say which. Ends without a trace; with its process the tap ends, too.
class HostSide {
 public:
  /// `index`: of the interface. Control thread.
  static Result<std::unique_ptr<HostSide>> open(int index);
  ~HostSide();

  host::TapQueue& queue() noexcept { return *queue_; }

 private:
  HostSide(host::Tap tap, std::unique_ptr<HostPrograms> programs);

  host::Tap tap_;
  std::unique_ptr<host::TapQueue> queue_;
  std::unique_ptr<HostPrograms> programs_;  // ends first
};

}  // namespace hpvmnet::uplink
