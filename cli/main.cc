#include <cstdlib>
#include <filesystem>
#include <iostream>

#include <unistd.h>

#include "cli/program.h"

int main(int count, char** arguments) {
  using namespace hpvmnet::cli;
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
