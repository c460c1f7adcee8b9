// count_instructions LENGTH STATIONS FRAMES: moves that many frames, in bursts of 32, between two
// accelerated guests; for valgrind, which is to count within move_burst() only.

#include <cstdio>
#include <cstdlib>

#include "bench/guest_pair.h"

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const auto number = [argv](int i) { return static_cast<std::uint32_t>(std::atoi(argv[i])); };
  hpvmnet::bench::GuestPair pair({.length = number(1), .stations = number(2)});
  constexpr std::uint32_t kBurst = 32;
  for (std::uint32_t sent = 0; sent < number(3); sent += kBurst) {
    pair.offer(kBurst);
    while (pair.move()) {
    }
  }
  return pair.received() == number(3) ? 0 : 1;
}
