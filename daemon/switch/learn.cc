#include "switch/stages.h"

namespace hpvmnet {

void learn(Passage& passage) noexcept {
  MacTable& macs = *passage.vswitch.macs;
  const PortView& port = passage.ingress_port();
  std::array<MacTable::Key, Burst::kCapacity> keys;

  // Frames of a burst mostly have one source, or few: those in a row are entered once.
  FrameMask to_learn = 0;
  std::uint64_t last = 0;  // no station has this address
  for_each(passage.live, [&](unsigned i) {
    if (passage.source[i] == last) return;
    last = passage.source[i];
    keys[i] = macs.key(last, port.domain);
    macs.prefetch(keys[i]);
    to_learn |= FrameMask{1} << i;
  });
  for_each(to_learn, [&](unsigned i) { macs.learn(keys[i], port.number, passage.now); });
}

}  // namespace hpvmnet
