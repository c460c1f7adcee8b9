// The whole packet path between two accelerated guests, on one processor and within its caches:
// what the switch's own instructions cost, without the guests' share in the memory.

#include <benchmark/benchmark.h>

#include "bench/guest_pair.h"

namespace hpvmnet::bench {
namespace {

constexpr std::uint32_t kBurst = 32;

void move_frames(benchmark::State& state) {
  GuestPair pair({.length = static_cast<std::uint32_t>(state.range(0)),
                  .stations = static_cast<std::uint32_t>(state.range(1))});
  for ([[maybe_unused]] auto round : state) {
    pair.offer(kBurst);
    while (pair.move()) {
    }
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(pair.received()));
  state.SetBytesProcessed(static_cast<std::int64_t>(pair.received()) * state.range(0));
}
BENCHMARK(move_frames)
    ->ArgNames({"bytes", "stations"})
    ->ArgsProduct({{60, 256, 1024, 1514, 9000}, {1}})
    ->Args({60, 32})
    ->Args({60, 1024});

}  // namespace
}  // namespace hpvmnet::bench
