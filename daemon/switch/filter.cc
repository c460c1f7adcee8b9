#include "switch/stages.h"

namespace hpvmnet {

// What the switch sends itself, in search of loops and members of groups, is none of a filter's.
void filter(Passage& passage) noexcept {
  if (passage.vswitch.filters.empty()) [[likely]]
    return;
  const std::uint16_t port = passage.ingress_port().number;
  if (port == VswitchView::kOwnPort) return;
  for (Filter* each : passage.vswitch.filters) {
    if (passage.live == 0) return;
    passage.drop(passage.live & each->judge(passage.burst, passage.live, port), Drop::filtered);
  }
}

}  // namespace hpvmnet
