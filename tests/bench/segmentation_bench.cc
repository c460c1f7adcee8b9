// A large TCP segment for a receiver that takes none: cut into frames with checksums of their own.

#include <array>

#include <benchmark/benchmark.h>

#include "offload/checksum.h"
#include "offload/lowering.h"
#include "unit/offload/segment_frames.h"

namespace hpvmnet::bench {
namespace {

constexpr std::uint32_t kPayload = 60'000;

void cut_segments(benchmark::State& state) {
  const test::SegmentFrame large =
      test::make_segment_frame({.ipv6 = state.range(0) == 6, .payload = kPayload});
  const test::LentFrame lent(large, kPayload);
  std::array<Part, 16> parts;
  Frame made;
  for ([[maybe_unused]] auto round : state) {
    Lowering lowering(lent.frame);
    while (lowering.next(made, parts) == Lowering::Step::made) benchmark::DoNotOptimize(made.head);
  }
  state.SetBytesProcessed(state.iterations() * kPayload);
}
BENCHMARK(cut_segments)->ArgName("ip")->Arg(4)->Arg(6);

void sum_up(benchmark::State& state) {
  const std::vector<std::byte> bytes(static_cast<std::size_t>(state.range(0)));
  for ([[maybe_unused]] auto round : state) {
    Checksum sum;
    sum.add(bytes);
    benchmark::DoNotOptimize(sum.fold());
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(sum_up)->ArgName("bytes")->Arg(20)->Arg(1460)->Arg(60'000);

}  // namespace
}  // namespace hpvmnet::bench
