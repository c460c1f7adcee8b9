// Look-ups in a table of 1 to 100,000 stations, a burst of them at a time, as the pipeline does.

#include <array>
#include <cstdint>

#include <benchmark/benchmark.h>

#include "switch/mac_table.h"

namespace hpvmnet::bench {
namespace {

constexpr std::uint32_t kNow = 1;
constexpr std::size_t kBurst = 64;
constexpr std::uint64_t kFirst = 0x02'00'00'00'00'00;

void fill(MacTable& macs, std::uint64_t stations) {
  for (std::uint64_t i = 0; i < stations; ++i) macs.learn(macs.key(kFirst + i, kNoVlan), 1, kNow);
  macs.sweep(kNow);
}

// Calls use() for each key of a burst of stations, after a prefetch for all of them.
template <class Use>
void run(benchmark::State& state, Use use) {
  const auto stations = static_cast<std::uint64_t>(state.range(0));
  MacTable macs(0x9e37'79b9'7f4a'7c15);
  fill(macs, stations);
  const MacTable::Keys keys = macs.keys(kNoVlan);
  std::array<MacTable::Key, kBurst> burst;
  std::uint64_t next = 0;
  for ([[maybe_unused]] auto round : state) {
    for (MacTable::Key& key : burst) {
      next = (next + 7919) % stations;
      key = keys(kFirst + next);
      keys.prefetch(key);
    }
    for (const MacTable::Key& key : burst) use(macs, key);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kBurst));
}

void find_stations(benchmark::State& state) {
  run(state, [](MacTable& macs, const MacTable::Key& key) {
    benchmark::DoNotOptimize(macs.find(key, kNow));
  });
}
BENCHMARK(find_stations)->ArgName("stations")->RangeMultiplier(10)->Range(1, 100'000);

void learn_known_stations(benchmark::State& state) {
  run(state, [](MacTable& macs, const MacTable::Key& key) { macs.learn(key, 1, kNow); });
}
BENCHMARK(learn_known_stations)->ArgName("stations")->RangeMultiplier(10)->Range(1, 100'000);

}  // namespace
}  // namespace hpvmnet::bench
