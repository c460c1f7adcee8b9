// hostile-front-end SOCKET [SECONDS] [SEED]: attacks one accelerated port of a running switch, in
// all the ways that tests/hostile knows. Says in the end whether the port still takes connections;
// how the switch and its other ports fare is for others to watch.

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <map>
#include <random>
#include <string>

#include "hostile/arena.h"

namespace {

using namespace hpvmnet::test;

int attack(const std::filesystem::path& socket, std::chrono::seconds length, std::uint64_t seed) {
  std::printf("attacking %s for %ld s with seed %lu\n", socket.c_str(),
              static_cast<long>(length.count()), static_cast<unsigned long>(seed));
  std::fflush(stdout);
  Arena arena(socket, seed);
  const std::vector<Attack> attacks = all_attacks();
  std::map<std::string, unsigned> counts;
  const auto end = std::chrono::steady_clock::now() + length;
  while (std::chrono::steady_clock::now() < end) {
    const Attack& chosen = attacks[arena.below(attacks.size())];
    run_attack(chosen, arena);
    ++counts[chosen.name];
  }
  for (const auto& [name, count] : counts) std::printf("%6u %s\n", count, name.c_str());
  arena.negotiated();  // throws where the port is dead
  std::printf("the port takes connections\n");
  return EXIT_SUCCESS;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2 || count > 4) {
    std::fprintf(stderr, "usage: hostile-front-end SOCKET [SECONDS] [SEED]\n");
    return 2;
  }
  try {
    const std::chrono::seconds length(count > 2 ? std::stoul(arguments[2]) : 10);
    const std::uint64_t seed = count > 3 ? std::stoull(arguments[3]) : std::random_device()();
    return attack(arguments[1], length, seed);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "hostile-front-end: %s\n", error.what());
    return EXIT_FAILURE;
  }
}
