#pragma once

#include <memory>
#include <span>

#include "base/result.h"
#include "host/tap.h"
#include "host/tap_queue.h"

namespace hpvmnet::uplink {

/// The host's side of an interface: a tap by which its kernel and the switch exchange frames, and
/// the programs that say which (host_side.bpf.c). Ends without a trace; after a crash the tap has
/// gone with its process, the programs that stay let everything pass, and the next open() replaces
/// them.
class HostSide {
 public:
  /// `index`: of the interface. Control thread.
  static Result<std::unique_ptr<HostSide>> open(int index);
  ~HostSide();

  host::TapQueue& queue() noexcept { return *queue_; }

 private:
  class Programs;
  HostSide(host::Tap tap, std::unique_ptr<Programs> programs);

  host::Tap tap_;
  std::unique_ptr<host::TapQueue> queue_;
  std::unique_ptr<Programs> programs_;  // ends first
};

}  // namespace hpvmnet::uplink
