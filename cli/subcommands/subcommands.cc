#include "cli/subcommands/subcommands.h"

#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>

#include "cli/report.h"
#include "cli/values.h"

namespace hpvmnet::cli {
namespace {

constexpr std::array kSubcommands{
    Subcommand{"plugin", "list", "List the plugins and what they provide", plugin_list},
    Subcommand{"events", "", "Show what has happened, and what happens", events},
    Subcommand{"top", "", "Show what passes the ports, live", top},
    Subcommand{"switch", "list", "List the vswitches", switch_list},
};

std::string with_name(const Subcommand& subcommand) {
  if (subcommand.verb.empty()) return std::string(subcommand.noun);
  return fmt::format("{} {}", subcommand.noun, subcommand.verb);
}

// The subcommands that begin with these words; all, if none does.
std::string known(std::string_view noun) {
  std::string names;
  for (const Subcommand& subcommand : kSubcommands) {
    if (!noun.empty() && subcommand.noun != noun) continue;
    names += fmt::format("{}{}", names.empty() ? "" : ", ", with_name(subcommand));
  }
  return names.empty() ? known({}) : names;
}

}  // namespace

std::span<const Subcommand> subcommands() { return kSubcommands; }

bool names_subcommand(const Invocation& invocation) {
  return invocation.program == "hpvmnet" && !invocation.arguments.empty() &&
         !invocation.arguments.front().starts_with('-');
}

int run_subcommand(const Invocation& invocation, Terminal& terminal) {
  const std::string& noun = invocation.arguments.front();
  const std::string verb = invocation.arguments.size() > 1 ? invocation.arguments[1] : "";
  const auto found = std::ranges::find_if(kSubcommands, [&](const Subcommand& candidate) {
    return candidate.noun == noun && (candidate.verb.empty() || candidate.verb == verb);
  });
  if (found == kSubcommands.end()) {
    return report(terminal,
                  {Error::Kind::usage,
                   fmt::format("there is no subcommand {}; there are {}",
                               shown(verb.empty() ? noun : noun + ' ' + verb), known(noun))});
  }
  Invocation rest = invocation;
  rest.program = fmt::format("{} {}", invocation.program, with_name(*found));
  rest.arguments.erase(rest.arguments.begin(),
                       rest.arguments.begin() + (found->verb.empty() ? 1 : 2));
  return found->run(rest, terminal);
}

}  // namespace hpvmnet::cli
