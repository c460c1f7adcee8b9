#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/client.h"
#include "cli/invocation.h"
#include "cli/result.h"
#include "cli/target.h"
#include "cli/terminal.h"

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace hpvmnet::cli {

/// The texts around the options in --help.
struct HelpTexts {
  std::string summary;   ///< one line
  std::string usage;     ///< lines behind "Usage:"
  std::string examples;  ///< lines, indented
};

/// The options of a command: its own and those that all commands have. Keeps references to the
/// values that it reads into.
class CommandLine {
 public:
  /// `invocation` and `terminal` outlive it. `patience`: how long an answer may take where the user
  /// does not say.
  CommandLine(const Invocation& invocation, Terminal& terminal, const HelpTexts& texts,
              std::chrono::seconds patience = std::chrono::seconds(5));
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  /// An option without a value.
  void flag(const std::string& names, bool& given, const std::string& description);
  /// An option with a value, at most once.
  void value(const std::string& names, std::optional<std::string>& value,
             const std::string& placeholder, const std::string& description);
  /// An option whose value is a number, `otherwise` where none follows it.
  void optional_value(const std::string& names, std::optional<std::string>& value,
                      const std::string& placeholder, const std::string& otherwise,
                      const std::string& description);
  /// An option with a value, as often as one likes.
  void values(const std::string& names, std::vector<std::string>& values,
              const std::string& placeholder, const std::string& description);

  /// An argument without an option's name, which must be given.
  void argument(const std::string& name, std::string& value, const std::string& description);
  /// One that may be left out. Those that must be given come first.
  void argument(const std::string& name, std::optional<std::string>& value,
                const std::string& description);
  /// What is left, in order: none, or as many as one likes.
  void arguments(const std::string& name, std::vector<std::string>& values,
                 const std::string& description);

  /// Reads the arguments (or only tells which there could be, see Invocation), and prints the
  /// version where that is asked for. Returns the exit status where that was all: for --help,
  /// --version and arguments that make no sense.
  std::optional<int> parse();

  /// A client for the daemon that the options and the environment name. Does not connect yet,
  /// except for its version where that was asked for.
  Result<Client> connect(Access access) const;

 private:
  void add_common_options();
  std::string explain(const CLI::ParseError& error) const;
  void describe(std::vector<Parameter>& parameters) const;
  std::vector<std::string> completed_arguments() const;
  Result<Target> target(Access access) const;
  Result<Target> remote(Target target) const;
  Result<std::chrono::milliseconds> timeout() const;
  Status print_daemon_version(Client& client) const;

  const Invocation& invocation_;
  Terminal& terminal_;
  std::chrono::seconds patience_;
  std::unique_ptr<CLI::App> app_;
  std::optional<std::string> target_;
  std::optional<std::string> tls_directory_;
  std::optional<std::string> timeout_;
  std::vector<std::pair<std::string, std::string>> values_left_out_;  ///< by option
  bool version_first_ = false;
};

}  // namespace hpvmnet::cli
