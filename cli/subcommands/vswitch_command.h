#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "cli/command_line.h"
#include "cli/commands/vswitch_read.h"

namespace hpvmnet::cli {

/// What the subcommands that change one vswitch have in common: its name, --json, and what they
/// say.
class VswitchCommand {
 public:
  /// `attempt`: "boot the vswitch", for the second line of errors.
  VswitchCommand(const Invocation& invocation, Terminal& terminal, const HelpTexts& texts,
                 std::string_view attempt);

  CommandLine& line() { return line_; }
  const std::string& name() const { return name_; }

  /// A question before it happens, unless the user has said --yes. Before parse().
  void ask(std::string_view question);

  using Change = std::function<Status(Client& client, const v1::VswitchReference& which)>;

  /// Reads the arguments and makes the change, and shows the vswitch if that is wanted. Returns
  /// the exit status. `check`: what can be judged without the daemon.
  int run(const Change& change, const std::function<Status()>& check = {});

 private:
  Result<bool> agreed(Client& client, const v1::VswitchReference& which) const;
  Result<int> carry_out(const Change& change);

  Terminal& terminal_;
  CommandLine line_;
  std::string_view attempt_;
  std::string_view question_;
  std::string name_;
  bool json_ = false;
  bool yes_ = false;
};

}  // namespace hpvmnet::cli
