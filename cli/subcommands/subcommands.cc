#include "cli/subcommands/subcommands.h"

#include <algorithm>
#include <array>
#include <ostream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/report.h"
#include "cli/suggestion.h"
#include "cli/values.h"

namespace hpvmnet::cli {
namespace {

constexpr std::array kSubcommands{
    Subcommand{"switch", "list", "List the vswitches", switch_list},
    Subcommand{"switch", "show", "Show a vswitch and its ports", switch_show},
    Subcommand{"switch", "create", "Make a vswitch", switch_create},
    Subcommand{"switch", "delete", "Delete a vswitch", switch_delete},
    Subcommand{"switch", "boot", "Let frames pass", switch_boot},
    Subcommand{"switch", "up", "The same as boot", switch_boot},
    Subcommand{"switch", "halt", "Let no frames pass", switch_halt},
    Subcommand{"switch", "down", "The same as halt", switch_halt},
    Subcommand{"switch", "reset", "Take the backing interface anew", switch_reset},
    Subcommand{"switch", "set", "Change a vswitch's settings", switch_set},
    Subcommand{"port", "list", "List ports", port_list},
    Subcommand{"port", "show", "Show a port", port_show},
    Subcommand{"port", "set", "Change a port's settings", port_set},
    Subcommand{"port", "counters", "Show what ports have counted", port_counters},
    Subcommand{"guest", "list", "List the guests", guest_list},
    Subcommand{"guest", "show", "Show a guest and its vNICs", guest_show},
    Subcommand{"guest", "create", "Make a guest with its vNICs", guest_create},
    Subcommand{"guest", "modify", "Change a guest's vNICs", guest_modify},
    Subcommand{"guest", "delete", "Forget a guest", guest_delete},
    Subcommand{"mac", "list", "List learnt addresses", mac_list},
    Subcommand{"mac", "", "The same as mac list", mac_list},
    Subcommand{"mirror", "set", "Have frames copied to a port", mirror_set},
    Subcommand{"mirror", "clear", "Have none copied any longer", mirror_clear},
    Subcommand{"mirror", "show", "Show which frames are copied where", mirror_show},
    Subcommand{"drops", "", "Show dropped frames and why", drops},
    Subcommand{"capture", "", "Show frames as they come in, are delivered or are dropped", capture},
    Subcommand{"trace", "", "Say where a frame would go, and why", trace},
    Subcommand{"events", "", "Show what has happened, and what happens", events},
    Subcommand{"top", "", "Show what passes the ports, live", top},
    Subcommand{"plugin", "list", "List the plugins and what they provide", plugin_list},
    Subcommand{"apply", "", "Make everything as a file says", apply},
    Subcommand{"export", "", "Write everything as such a file", export_configuration},
    Subcommand{"help", "", "List the subcommands, or explain one", help},
    Subcommand{"complete", "", "", complete},
};

bool is_noun(std::string_view word) {
  return std::ranges::find(kSubcommands, word, &Subcommand::noun) != kSubcommands.end();
}

std::string with_name(const Subcommand& subcommand) {
  if (subcommand.verb.empty()) return std::string(subcommand.noun);
  return fmt::format("{} {}", subcommand.noun, subcommand.verb);
}

// The subcommands of a noun; the nouns, if there is none such.
std::vector<std::string> known(const std::string& noun) {
  std::vector<std::string> names;
  std::string_view last;
  for (const Subcommand& subcommand : kSubcommands) {
    if (subcommand.summary.empty()) continue;
    const bool wanted = is_noun(noun) ? subcommand.noun == noun : subcommand.noun != last;
    last = subcommand.noun;
    if (wanted) names.push_back(is_noun(noun) ? with_name(subcommand) : std::string(last));
  }
  return names;
}

Error no_such(const std::string& noun, const std::string& verb) {
  const std::string written = verb.empty() ? noun : noun + ' ' + verb;
  const std::vector<std::string> names = known(noun);
  std::string hint = suggestion(is_noun(noun) ? written : noun, names);
  if (hint.empty()) hint = fmt::format("; there are {}", fmt::join(names, ", "));
  return {Error::Kind::usage, fmt::format("there is no subcommand {}{}", shown(written), hint)};
}

int list_verbs(const std::string& noun, Terminal& terminal) {
  terminal.out() << "Usage: hpvmnet " << noun << " VERB ...\n\n"
                 << subcommands_text(noun) << "\n'hpvmnet " << noun
                 << " VERB --help' explains one.\n";
  return kSuccess;
}

}  // namespace

std::span<const Subcommand> subcommands() { return kSubcommands; }

const Subcommand* find_subcommand(std::span<const std::string> arguments) {
  if (arguments.empty()) return nullptr;
  const std::string verb = arguments.size() > 1 ? arguments[1] : "";
  const auto found = std::ranges::find_if(kSubcommands, [&](const Subcommand& candidate) {
    return candidate.noun == arguments[0] && (candidate.verb.empty() || candidate.verb == verb);
  });
  return found == kSubcommands.end() ? nullptr : &*found;
}

bool names_subcommand(const Invocation& invocation) {
  return invocation.program == "hpvmnet" && !invocation.arguments.empty() &&
         !invocation.arguments.front().starts_with('-');
}

std::string subcommands_text(std::string_view noun) {
  constexpr std::size_t kWidest = 16;
  std::string text;
  std::string_view last;
  for (const Subcommand& subcommand : kSubcommands) {
    if (subcommand.summary.empty() || (!noun.empty() && subcommand.noun != noun)) continue;
    // Nouns with verbs stand apart.
    if (!text.empty() && subcommand.noun != last && !subcommand.verb.empty()) text += '\n';
    last = subcommand.noun;
    text += fmt::format("  {:<{}} {}\n", with_name(subcommand), kWidest, subcommand.summary);
  }
  return text;
}

int run_subcommand(const Invocation& invocation, Terminal& terminal) {
  const Subcommand* found = find_subcommand(invocation.arguments);
  if (found == nullptr) {
    const std::string& noun = invocation.arguments.front();
    const std::string verb = invocation.arguments.size() > 1 ? invocation.arguments[1] : "";
    const bool asks = verb.empty() || verb == "--help" || verb == "help";
    if (is_noun(noun) && asks) return list_verbs(noun, terminal);
    return report(terminal, no_such(noun, asks ? "" : verb));
  }
  Invocation rest = invocation;
  rest.program = fmt::format("{} {}", invocation.program, with_name(*found));
  rest.arguments.erase(rest.arguments.begin(),
                       rest.arguments.begin() + (found->verb.empty() ? 1 : 2));
  return found->run(rest, terminal);
}

}  // namespace hpvmnet::cli
