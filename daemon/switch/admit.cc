#include "switch/stages.h"

namespace hpvmnet {
namespace {

// Of a port that takes tags: frames whose VLAN it does not carry.
void admit_vlans(Passage& passage) noexcept {
  FrameMask foreign = 0;
  for (const Run& run : passage.runs()) {
    if (run.source.domain() == kNoDomain) foreign |= run.frames;
  }
  passage.drop(passage.live & foreign & passage.tagged, Drop::vlan);
  passage.drop(passage.live & foreign, Drop::untagged);
}

}  // namespace

void admit(Passage& passage) noexcept {
  if (!passage.vswitch.up) passage.drop(passage.live, Drop::vswitch_down);
  if (const Domain domain = passage.ingress_port().domain; domain >= kBlocked) [[unlikely]] {
    passage.drop(passage.live, domain == kBlocked ? Drop::blocked : Drop::mirror_port);
  }
  if (passage.ingress_port().tags == nullptr) [[likely]] {
    passage.drop(passage.live & passage.tagged, Drop::tagged);
  } else {
    admit_vlans(passage);
  }
}

}  // namespace hpvmnet
