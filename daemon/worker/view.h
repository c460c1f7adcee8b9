#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "switch/view.h"

namespace hpvmnet {

/// All that workers read of the configuration: immutable, replaced as a whole (see WorkerPool).
struct View {
  std::uint64_t version = 0;  ///< from 1, different for each view
  std::vector<std::shared_ptr<const VswitchView>> vswitches;
  /// By worker, by slot. A queue keeps its slot from view to view; slots without one have no
  /// vswitch.
  std::vector<std::vector<IngressQueue>> queues;
};

}  // namespace hpvmnet
