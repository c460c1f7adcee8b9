#include <optional>
#include <string>

#include "cli/command_line.h"
#include "cli/commands/vswitch_read.h"
#include "cli/commands/vswitch_show.h"
#include "cli/listings.h"
#include "cli/report.h"
#include "cli/show_options.h"
#include "cli/subcommands/subcommands.h"
#include "cli/vswitch_text.h"

namespace hpvmnet::cli {
namespace {

// Leaves one port of the vswitch.
void keep_only(v1::Vswitch& vswitch, std::uint32_t number) {
  const v1::Port port = port_of(vswitch, number);
  vswitch.clear_ports();
  vswitch.clear_backing();
  *vswitch.add_ports() = port;
}

}  // namespace

int port_list(const Invocation& invocation, Terminal& terminal) {
  static const HelpTexts texts{
      "Lists the ports that guests have reserved or that have settings, of all vswitches or one.",
      "  hpvmnet port list [VSWITCH] [OPTION]...\n",
      "  hpvmnet port list prod\n"
      "  hpvmnet port list --watch\n"};
  std::optional<std::string> name;
  ShowOptions options;
  CommandLine line(invocation, terminal, texts);
  line.argument("VSWITCH", name, "The vswitch; without it: all");
  options.add_to(line);
  if (const auto ended = line.parse()) return *ended;
  return options.show(line, terminal, [&](Client& client, const Style& style) {
    return vswitches_with_ports(client, name).map([&](const auto& all) {
      return style.json ? style.json_of(all) : ports_listing(all, style.layout);
    });
  });
}

int port_show(const Invocation& invocation, Terminal& terminal) {
  static const HelpTexts texts{"Shows everything about a port but its counters.",
                               "  hpvmnet port show VSWITCH PORT [OPTION]...\n",
                               "  hpvmnet port show prod 3\n"};
  std::string name;
  std::string port;
  ShowOptions options;
  CommandLine line(invocation, terminal, texts);
  line.argument("VSWITCH", name, "The vswitch");
  line.argument("PORT", port, "The port; 0 to 511");
  options.add_to(line);
  if (const auto ended = line.parse()) return *ended;
  const auto number = read_port_number(port);
  if (!number) return report(terminal, number.error());
  return options.show(line, terminal, [&](Client& client, const Style& style) {
    return vswitch_named(name)
        .and_then([&](const auto& which) { return get_vswitch(client, which); })
        .map([&](const v1::Vswitch& vswitch) {
          const v1::Port shown = port_of(vswitch, *number);
          return style.json ? style.json_of(shown) : port_details_text(vswitch, shown);
        });
  });
}

int port_counters(const Invocation& invocation, Terminal& terminal) {
  static const HelpTexts texts{
      "Shows what ports have counted, of all vswitches, of one, or of one port. Ingress is what "
      "came from the guest, egress what went to it.",
      "  hpvmnet port counters [VSWITCH [PORT]] [OPTION]...\n",
      "  hpvmnet port counters prod --watch\n"
      "  hpvmnet port counters prod 3 --json\n"};
  std::optional<std::string> name;
  std::optional<std::string> port;
  ShowOptions options;
  CommandLine line(invocation, terminal, texts);
  line.argument("VSWITCH", name, "The vswitch; without it: all");
  line.argument("PORT", port, "The port; without it: all, and the backing interface");
  options.add_to(line);
  if (const auto ended = line.parse()) return *ended;
  std::optional<std::uint32_t> number;
  if (port) {
    const auto read = read_port_number(*port);
    if (!read) return report(terminal, read.error());
    number = *read;
  }
  return options.show(line, terminal, [&](Client& client, const Style& style) {
    return vswitches_with_ports(client, name).map([&](v1::ListVswitchesResponse all) {
      if (number) keep_only(*all.mutable_vswitches(0), *number);
      return style.json ? style.json_of(all) : counters_listing(all, style.layout);
    });
  });
}

}  // namespace hpvmnet::cli
