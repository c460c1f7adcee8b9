// The copy of a run of bytes by its length.

#include <vector>

#include <benchmark/benchmark.h>

#include "frame/copy.h"

namespace hpvmnet::bench {
namespace {

void copy_runs(benchmark::State& state) {
  const auto length = static_cast<std::size_t>(state.range(0));
  std::vector<std::byte> from(length);
  std::vector<std::byte> to(length);
  for ([[maybe_unused]] auto round : state) {
    copy_bytes(to.data(), from.data(), length);
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(copy_runs)
    ->ArgName("bytes")
    ->Arg(14)
    ->Arg(60)
    ->Arg(72)
    ->Arg(128)
    ->Arg(192)
    ->Arg(256)
    ->Arg(1024)
    ->Arg(1514)
    ->Arg(9000)
    ->Arg(65226);

}  // namespace
}  // namespace hpvmnet::bench
