#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace hpvmnet::cli {

/// An option of a command, or one of its arguments.
struct Parameter {
  std::vector<std::string> names;  ///< "-v", "--json"; of an argument: none
  std::string value;  ///< what follows it, in words of --help: "SECONDS"; empty: nothing does
  std::string description;
  bool repeated = false;        ///< may be given more than once
  bool optional_value = false;  ///< the value may be left out
};

/// How a command was called: all that it reads of its surroundings besides its input.
struct Invocation {
  std::string program;                 ///< the name under which it was called, without a path
  std::vector<std::string> arguments;  ///< without the program
  std::optional<std::string> target;   ///< of the environment: $HPVMNET_TARGET
  /// Where the sockets of the daemon are if nothing else is said.
  std::filesystem::path run_directory = "/run/hpvmnet";
  std::optional<std::string> tls_directory{};  ///< of the environment: $HPVMNET_TLS_DIR
  /// Where certificates are looked for if nothing else is said.
  std::vector<std::filesystem::path> usual_tls_directories{};
  /// Where not null: the command adds its parameters there, and does nothing else.
  std::vector<Parameter>* parameters = nullptr;
};

}  // namespace hpvmnet::cli
