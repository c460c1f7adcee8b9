#include <ostream>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "cli/completion.h"
#include "cli/report.h"
#include "cli/subcommands/subcommands.h"

namespace hpvmnet::cli {

// What the shells' completions ask: the command line so far, its last word the one to complete.
// Never fails and says nothing else: the user is typing.
int complete(const Invocation& invocation, Terminal& terminal) {
  for (const Candidate& candidate : candidates(invocation, terminal)) {
    terminal.out() << candidate.word;
    if (!candidate.description.empty()) terminal.out() << '\t' << candidate.description;
    terminal.out() << '\n';
  }
  return kSuccess;
}

}  // namespace hpvmnet::cli
