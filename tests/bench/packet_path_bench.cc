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

// The same while somebody looks: captures take all (0), a reader takes it from them (1), or a
// filter finds nothing (2).
void move_captured_frames(benchmark::State& state) {
  GuestPair pair({.length = static_cast<std::uint32_t>(state.range(0)), .stations = 1});
  CaptureRequest request;
  if (state.range(1) == 2) request.filter = *PacketFilter::make({{BPF_RET | BPF_K, 0, 0, 0}});
  const auto capture = std::make_shared<Capture>(std::move(request), 1);
  pair.show_to(capture);
  std::uint64_t seen = 0;
  for ([[maybe_unused]] auto round : state) {
    pair.offer(kBurst);
    while (pair.move()) {
    }
    if (state.range(1) == 1) {
      capture->take(~std::size_t{0}, [&](const CaptureRecord&, std::span<const std::byte> bytes) {
        benchmark::DoNotOptimize(bytes.data());
        ++seen;
      });
    }
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(pair.received()));
  state.counters["seen"] = static_cast<double>(seen) / static_cast<double>(pair.received());
}
BENCHMARK(move_captured_frames)->ArgNames({"bytes", "way"})->ArgsProduct({{60, 1514}, {0, 1, 2}});

}  // namespace
}  // namespace hpvmnet::bench
