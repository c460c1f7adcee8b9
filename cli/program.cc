#include "cli/program.h"

#include <algorithm>
#include <array>
#include <ostream>
#include <string_view>

#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/report.h"
#include "cli/subcommands/subcommands.h"
#include "cli/values.h"

namespace hpvmnet::cli {
namespace {

struct Command {
  std::string_view name;
  int (*run)(const Invocation&, Terminal&);
};

constexpr std::array kCommands{
    Command{"hpvmnet", hpvmnet},       Command{"hpvmclone", hpvmclone},
    Command{"hpvmcreate", hpvmcreate}, Command{"hpvmmodify", hpvmmodify},
    Command{"hpvmremove", hpvmremove}, Command{"hpvmstatus", hpvmstatus}};

int run_unknown(const Invocation& invocation, Terminal& terminal) {
  std::string names;
  for (const Command& command : kCommands) names += fmt::format(" {}", command.name);
  return report(terminal,
                {Error::Kind::usage, fmt::format("{} is no name of this program; its names are{}",
                                                 shown(invocation.program), names)});
}

int run_named(const Invocation& invocation, Terminal& terminal) {
  if (names_subcommand(invocation)) return run_subcommand(invocation, terminal);
  const auto command = std::ranges::find(kCommands, invocation.program, &Command::name);
  return command == kCommands.end() ? run_unknown(invocation, terminal)
                                    : command->run(invocation, terminal);
}

}  // namespace

int run_program(const Invocation& invocation, Terminal& terminal) {
  const int status = run_named(invocation, terminal);
  if (terminal.out().flush() || status != kSuccess) return status;
  return report(terminal, {Error::Kind::failed, "cannot write to standard output"});
}

}  // namespace hpvmnet::cli
