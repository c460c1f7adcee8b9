#include "switch/stages.h"

namespace hpvmnet {

void learn(Passage& passage) noexcept {
  MacTable& macs = *passage.vswitch.macs;
  const std::uint16_t port = passage.ingress_port().number;
  std::uint64_t last = 0;  // no station is this one
  for (const Run& run : passage.runs()) {
    if (run.source.station == last || (run.frames & passage.live) == 0) continue;
    last = run.source.station;
    macs.learn(run.source, port, passage.now);
  }
}

}  // namespace hpvmnet
