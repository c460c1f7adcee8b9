#include "switch/pipeline.h"

#include <utility>

#include "switch/passage.h"
#include "switch/record.h"
#include "switch/stages.h"

namespace hpvmnet {
namespace {

// Each is called directly: what the table says is known when this is compiled.
template <std::size_t... kPlaces>
void run_stages(Passage& passage, std::index_sequence<kPlaces...>) noexcept {
  (kStages[kPlaces].run(passage), ...);
}

}  // namespace

void run_pipeline(Burst& burst, const IngressQueue& from, unsigned worker,
                  std::uint32_t now) noexcept {
  Passage passage(burst, from, worker, now);
  if (passage.vswitch.observers != nullptr) [[unlikely]]
    record_ingress(passage);
  run_stages(passage, std::make_index_sequence<kStages.size()>());
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
