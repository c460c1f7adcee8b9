#include <optional>
#include <string>

#include "cli/command_line.h"
#include "cli/commands/vswitch_read.h"
#include "cli/listings.h"
#include "cli/show_options.h"
#include "cli/subcommands/subcommands.h"

namespace hpvmnet::cli {

int drops(const Invocation& invocation, Terminal& terminal) {
  static const HelpTexts texts{
      "Shows which frames ports have dropped and why, of all vswitches or one. With --watch a "
      "column more tells what has grown since the last look.",
      "  hpvmnet drops [VSWITCH] [OPTION]...\n",
      "  hpvmnet drops\n"
      "  hpvmnet drops prod --watch 1\n"};
  std::optional<std::string> name;
  ShowOptions options;
  CommandLine line(invocation, terminal, texts);
  line.argument("VSWITCH", name, "The vswitch; without it: all");
  options.add_to(line);
  if (const auto ended = line.parse()) return *ended;
  std::optional<Drops> before;
  return options.show(line, terminal, [&](Client& client, const Style& style) {
    return vswitches_with_ports(client, name).map([&](const v1::ListVswitchesResponse& all) {
      if (style.json) return style.json_of(all);
      if (style.watching && !before) before = drops_of(all);
      std::string text = drops_listing(all, before ? &*before : nullptr, style.layout);
      if (style.watching) before = drops_of(all);
      return text;
    });
  });
}

}  // namespace hpvmnet::cli
