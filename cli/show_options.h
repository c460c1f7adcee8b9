#pragma once

#include <functional>
#include <optional>
#include <string>

#include <google/protobuf/message.h>

#include "cli/command_line.h"
#include "cli/listing.h"

namespace hpvmnet::cli {

/// How something is to be shown.
struct Style {
  bool json = false;
  bool watching = false;  ///< again and again: JSON has a line each time
  Listing::Layout layout{};

  std::string json_of(const google::protobuf::Message& message) const;
};

/// Asks the daemon and makes the text of it. Every line ends with '\n'.
using View = std::function<Result<std::string>(Client& client, const Style& style)>;

/// The options of all subcommands that show something: --json, --watch, --color.
class ShowOptions {
 public:
  void add_to(CommandLine& line);

  bool json() const { return json_; }

  /// Shows it, once or until the user has seen enough. Returns the exit status.
  int show(const CommandLine& line, Terminal& terminal, const View& view) const;

 private:
  Result<std::optional<std::chrono::milliseconds>> interval() const;
  Result<bool> colours(const Terminal& terminal) const;
  Status watch(const CommandLine& line, Terminal& terminal, Style style, const View& view,
               std::chrono::milliseconds interval) const;

  bool json_ = false;
  std::optional<std::string> watch_;
  std::optional<std::string> color_;
};

}  // namespace hpvmnet::cli
