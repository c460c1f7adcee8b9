#include <ostream>

#include "cli/command_line.h"
#include "cli/commands/vswitch_show.h"
#include "cli/json.h"
#include "cli/report.h"
#include "cli/subcommands/subcommands.h"

namespace hpvmnet::cli {
namespace {

const HelpTexts& help() {
  static const HelpTexts texts{"Lists the vswitches.", "  hpvmnet switch list [--json]\n",
                               "  hpvmnet switch list --json\n"};
  return texts;
}

Status list(const CommandLine& line, bool json, Terminal& terminal) {
  auto client = line.connect(Access::look);
  if (!client) return tl::unexpected(client.error());
  if (!json) return show_vswitches(*client, false, terminal);
  return client->look(&Client::Vswitches::ListVswitches, {}).map([&](const auto& response) {
    terminal.out() << json_text(response);
  });
}

}  // namespace

int switch_list(const Invocation& invocation, Terminal& terminal) {
  bool json = false;
  CommandLine line(invocation, terminal, help());
  line.flag("--json", json, "As JSON");
  if (const auto ended = line.parse()) return *ended;
  return conclude(terminal, list(line, json, terminal));
}

}  // namespace hpvmnet::cli
