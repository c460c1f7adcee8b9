#include "switch/stages.h"

namespace hpvmnet {

void admit(Passage& passage) noexcept {
  if (!passage.vswitch.up) passage.drop(passage.live, Drop::vswitch_down);
  passage.drop(passage.live & passage.tagged, Drop::tagged);
}

}  // namespace hpvmnet
