#include "cli/command_line.h"
#include "cli/commands/vswitch_read.h"
#include "cli/listings.h"
#include "cli/show_options.h"
#include "cli/subcommands/subcommands.h"
#include "cli/vswitch_text.h"

namespace hpvmnet::cli {
namespace {

const HelpTexts& help() {
  static const HelpTexts texts{
      "Shows a vswitch: its settings, its ports, and who has asked for which multicast groups.",
      "  hpvmnet switch show VSWITCH [OPTION]...\n", "  hpvmnet switch show prod\n"};
  return texts;
}

std::string text_of(const v1::ListVswitchesResponse& one, const Listing::Layout& layout) {
  const v1::Vswitch& vswitch = one.vswitches(0);
  std::string text = vswitch_details_text(vswitch);
  if (vswitch.multicast_groups_size() > 0) text += '\n' + multicast_groups_text(vswitch);
  return text + '\n' + ports_listing(one, layout);
}

}  // namespace

int switch_show(const Invocation& invocation, Terminal& terminal) {
  std::string name;
  ShowOptions options;
  CommandLine line(invocation, terminal, help());
  line.argument("VSWITCH", name, "The vswitch");
  options.add_to(line);
  if (const auto ended = line.parse()) return *ended;
  return options.show(line, terminal, [&](Client& client, const Style& style) {
    return vswitches_with_ports(client, name).map([&](const v1::ListVswitchesResponse& one) {
      return style.json ? style.json_of(one.vswitches(0)) : text_of(one, style.layout);
    });
  });
}

}  // namespace hpvmnet::cli
