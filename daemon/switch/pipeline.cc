#include "switch/pipeline.h"

#include "switch/passage.h"
#include "switch/stages.h"

namespace hpvmnet {

void run_pipeline(Burst& burst, const IngressQueue& from, unsigned worker,
                  std::uint32_t now) noexcept {
  Passage passage(burst, from, worker, now);
  parse(passage);
  admit(passage);
  check_offloads(passage);
  filter(passage);
  learn(passage);
  snoop(passage);
  forward(passage);
}

bool move_burst(const IngressQueue& from, Burst& burst, unsigned worker,
                std::uint32_t now) noexcept {
  const PortView& port = from.port_view();
  Tally& tally = port.tallies[worker];
  burst.clear();
  port.port->receive(from.queue, burst, tally);
  if (burst.empty()) return false;
  run_pipeline(burst, from, worker, now);
  port.port->release(from.queue);
  return true;
}

}  // namespace hpvmnet
