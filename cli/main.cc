#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

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

std::optional<std::string> environment(const char* name) {
  const char* const value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

std::vector<std::filesystem::path> usual_tls_directories() {
  std::vector<std::filesystem::path> found;
  if (const auto configuration = environment("XDG_CONFIG_HOME")) {
    found.emplace_back(*configuration).append("hpvmnet/tls");
  } else if (const auto home = environment("HOME")) {
    found.emplace_back(*home).append(".config/hpvmnet/tls");
  }
  found.emplace_back("/etc/hpvmnet/tls");
  return found;
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
  invocation.target = environment("HPVMNET_TARGET");
  invocation.tls_directory = environment("HPVMNET_TLS_DIR");
  invocation.usual_tls_directories = usual_tls_directories();
  Terminal terminal(invocation.program, std::cin, std::cout, std::cerr, ::isatty(STDIN_FILENO) == 1,
                    hpvmnet::cli::Screen::of_standard_output());
  return run_program(invocation, terminal);
}
