#include <ostream>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "cli/report.h"
#include "cli/subcommands/subcommands.h"

namespace hpvmnet::cli {

int help(const Invocation& invocation, Terminal& terminal) {
  static const HelpTexts texts{"Lists the subcommands, or explains one.",
                               "  hpvmnet help [NOUN [VERB]]\n",
                               "  hpvmnet help\n"
                               "  hpvmnet help port\n"
                               "  hpvmnet help port set\n"};
  std::vector<std::string> words;
  CommandLine line(invocation, terminal, texts);
  line.arguments("SUBCOMMAND", words, "The subcommand: its noun, and its verb if it has one");
  if (const auto ended = line.parse()) return *ended;
  if (words.empty()) {
    terminal.out() << "Usage: hpvmnet NOUN [VERB] ...\n\n"
                   << subcommands_text()
                   << "\n'hpvmnet help NOUN VERB' explains one; 'hpvmnet --help' lists HP's "
                      "options.\n";
    return kSuccess;
  }
  Invocation asked = invocation;
  asked.program = "hpvmnet";
  asked.arguments = std::move(words);
  asked.arguments.emplace_back("--help");
  return run_subcommand(asked, terminal);
}

}  // namespace hpvmnet::cli
