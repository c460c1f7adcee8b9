#include <ostream>

#include "cli/command_line.h"
#include "cli/json.h"
#include "cli/plugin_text.h"
#include "cli/report.h"
#include "cli/subcommands/subcommands.h"

namespace hpvmnet::cli {
namespace {

const HelpTexts& help() {
  static const HelpTexts texts{
      "Lists the plugins: what each provides, and which were refused and why.",
      "  hpvmnet plugin list [--json]\n", "  hpvmnet plugin list --json\n"};
  return texts;
}

Status list(const CommandLine& line, bool json, Terminal& terminal) {
  auto client = line.connect(Access::look);
  if (!client) return tl::unexpected(client.error());
  return client->look(&Client::Daemon::ListPlugins, {}).map([&](const auto& response) {
    terminal.out() << (json ? json_text(response) : plugins_text(response));
  });
}

}  // namespace

int plugin_list(const Invocation& invocation, Terminal& terminal) {
  bool json = false;
  CommandLine line(invocation, terminal, help());
  line.flag("--json", json, "As JSON");
  if (const auto ended = line.parse()) return *ended;
  return conclude(terminal, list(line, json, terminal));
}

}  // namespace hpvmnet::cli
