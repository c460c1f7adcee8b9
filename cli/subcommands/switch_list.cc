#include "cli/command_line.h"
#include "cli/listings.h"
#include "cli/show_options.h"
#include "cli/subcommands/subcommands.h"

namespace hpvmnet::cli {
namespace {

const HelpTexts& help() {
  static const HelpTexts texts{"Lists the vswitches.", "  hpvmnet switch list [OPTION]...\n",
                               "  hpvmnet switch list\n"
                               "  hpvmnet switch list --watch\n"
                               "  hpvmnet switch list --json\n"};
  return texts;
}

Result<std::string> view(Client& client, const Style& style) {
  return client.look(&Client::Vswitches::ListVswitches, {}).map([&](const auto& all) {
    return style.json ? style.json_of(all) : vswitches_listing(all, style.layout);
  });
}

}  // namespace

int switch_list(const Invocation& invocation, Terminal& terminal) {
  ShowOptions options;
  CommandLine line(invocation, terminal, help());
  options.add_to(line);
  if (const auto ended = line.parse()) return *ended;
  return options.show(line, terminal, view);
}

}  // namespace hpvmnet::cli
