// The first stage: reading the Ethernet headers of a burst.

#include <array>

#include <benchmark/benchmark.h>

#include "switch/passage.h"
#include "switch/stages.h"

namespace hpvmnet::bench {
namespace {

void parse_burst(benchmark::State& state) {
  const auto stations = static_cast<unsigned>(state.range(0));
  MacTable macs(1);
  Tally tally;
  VswitchView vswitch;
  vswitch.up = true;
  vswitch.macs = &macs;
  vswitch.ports.push_back({nullptr, &tally, 1, kNoVlan, 0});
  const IngressQueue queue{&vswitch, 0, 0, -1};
  Burst burst;
  for (unsigned i = 0; i < Burst::kCapacity; ++i) {
    Frame& frame = burst.next();
    frame.head.fill(std::byte{2});
    frame.head[11] = static_cast<std::byte>(i % stations);
    frame.set_contiguous(60, nullptr);
    burst.push();
  }
  for ([[maybe_unused]] auto round : state) {
    Passage passage(burst, queue, 0, 1);
    parse(passage);
    benchmark::DoNotOptimize(passage.live);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(Burst::kCapacity));
}
BENCHMARK(parse_burst)->ArgName("stations")->Arg(1)->Arg(8)->Arg(64);

}  // namespace
}  // namespace hpvmnet::bench
