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
  learn(passage);
  forward(passage);
}

}  // namespace hpvmnet
