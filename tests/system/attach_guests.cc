// Attaches an idle guest to each of the accelerated ports whose sockets are named, says "ready",
// and keeps them attached until its standard input ends.

#include <cstdio>
#include <cstdlib>
#include <deque>
#include <exception>

#include "support/test_guest.h"

using hpvmnet::test::TestGuest;

int main(int count, char** arguments) {
  try {
    const TestGuest::Options options;
    std::deque<TestGuest> guests;
    for (int i = 1; i < count; ++i) guests.emplace_back(arguments[i], options);
    std::puts("ready");
    std::fflush(stdout);
    while (std::getchar() != EOF) {
    }
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "attach_guests: %s\n", error.what());
    return EXIT_FAILURE;
  }
}
