#include <cstdlib>
#include <filesystem>
#include <iostream>

#include <fcntl.h>
#include <unistd.h>

#include "cli/program.h"

namespace {

// Else a connection could become standard output. What is written there fails, as it should.
void reserve_standard_descriptors() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(descriptor, F_GETFD) != -1) continue;
    if (::open("/dev/null", O_RDONLY) != descriptor) std::abort();
  }
}

}  // namespace

int main(int count, char** arguments) {
  using hpvmnet::cli::Invocation;
  using hpvmnet::cli::Terminal;
  reserve_standard_descriptors();
  Invocation invocation;
  if (count > 0) {
    invocation.program = std::filesystem::path(arguments[0]).filename();
    invocation.arguments.assign(arguments + 1, arguments + count);
  }
  const char* target = std::getenv("HPVMNET_TARGET");
  if (target != nullptr && *target != '\0') invocation.target = target;
  Terminal terminal(invocation.program, std::cin, std::cout, std::cerr,
                    ::isatty(STDIN_FILENO) == 1);
  return run_program(invocation, terminal);
}
