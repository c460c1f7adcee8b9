#include "offload/check.h"
#include "switch/stages.h"

namespace hpvmnet {

void check_offloads(Passage& passage) noexcept {
  FrameMask bad = 0;
  for_each(passage.live & passage.offloaded, [&](unsigned i) {
    if (const std::optional<OffloadSet> needed = check_offload(passage.burst[i])) {
      passage.needed[i] = *needed;
    } else {
      bad |= FrameMask{1} << i;
    }
  });
  passage.drop(bad, Drop::bad_offload);
}

}  // namespace hpvmnet
