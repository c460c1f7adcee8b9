#include "cli/yaml/export.h"

#include <ostream>

#include "cli/command_line.h"
#include "cli/json.h"
#include "cli/report.h"
#include "cli/subcommands/subcommands.h"

namespace hpvmnet::cli {

int export_configuration(const Invocation& invocation, Terminal& terminal) {
  static const HelpTexts texts{
      "Writes vswitches, ports and guests as a file that 'hpvmnet apply' takes: to keep, to "
      "change, "
      "or for another host.",
      "  hpvmnet export [OPTION]...\n",
      "  hpvmnet export > net.yaml\n"
      "  hpvmnet export --json\n"};
  bool json = false;
  CommandLine line(invocation, terminal, texts);
  line.flag("--json", json, "As JSON, in the terms of the contract");
  if (const auto ended = line.parse()) return *ended;
  const Status shown = line.connect(Access::look)
                           .and_then([](Client client) {
                             return client.look(&Client::Configurations::GetConfiguration, {});
                           })
                           .map([&](const v1::Configuration& all) {
                             terminal.out() << (json ? json_text(all) : export_yaml(all));
                           });
  return conclude(terminal, shown);
}

}  // namespace hpvmnet::cli
