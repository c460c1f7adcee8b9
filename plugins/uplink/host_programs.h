#pragma once

#include <memory>

#include "base/result.h"

namespace hpvmnet::uplink {

/// The programs of host_side.bpf.c at their places: two at an interface, one at the switch's tap.
///
/// Since Linux 6.6 each is held by a link (tcx), which ends with the process. Before, they are in
/// queueing disciplines (clsact): whoever adds or removes one stops the interface for a moment, in
/// which the host loses frames, and programs that a crash leaves stay. Those let everything pass,
/// and the next attach() replaces them.
class HostPrograms {
 public:
  virtual ~HostPrograms() = default;

  /// Both are indices of interfaces. Control thread.
  static Result<std::unique_ptr<HostPrograms>> attach(int interface, int tap);
};

}  // namespace hpvmnet::uplink
