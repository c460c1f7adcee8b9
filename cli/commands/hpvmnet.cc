#include <string_view>

#include <fmt/format.h>

#include "cli/command_line.h"
#include "cli/commands/commands.h"
#include "cli/commands/hpvmnet_options.h"
#include "cli/commands/port_setting.h"
#include "cli/commands/vswitch_change.h"
#include "cli/commands/vswitch_dump.h"
#include "cli/commands/vswitch_setting.h"
#include "cli/commands/vswitch_show.h"
#include "cli/report.h"
#include "cli/subcommands/subcommands.h"

namespace hpvmnet::cli {
namespace {

using Action = HpvmnetOrder::Action;

const HelpTexts& help() {
  static const HelpTexts texts{
      "Shows and changes virtual switches (vswitches) and their ports.",
      "  hpvmnet [-V]                                   all vswitches\n"
      "  hpvmnet {-S NAME | -s NUMBER} [-V]             one vswitch and its ports\n"
      "  hpvmnet {-S NAME | -s NUMBER} -p {PORT|all}    ports in detail\n"
      "  hpvmnet {-S NAME | -s NUMBER} -A [-p PORT] [-Z]   what the ports have counted\n"
      "  hpvmnet ... {-M | -X}                          each of these for programs\n"
      "  hpvmnet -c -S NAME [-n INTERFACE]              create\n"
      "  hpvmnet -C {-S NAME | -s NUMBER} -n {INTERFACE|none}   change its backing\n"
      "  hpvmnet -C {-S NAME | -s NUMBER} -N NAME [-n INTERFACE]   clone\n"
      "  hpvmnet {-b | -h | -r} {-S NAME | -s NUMBER}   boot, halt, reset\n"
      "  hpvmnet -d {-S NAME | -s NUMBER}               delete\n"
      "  hpvmnet {-S NAME | -s NUMBER} -u portid:N:vlanid:{V|none}\n"
      "  hpvmnet {-S NAME | -s NUMBER} -u portid:N:trunk:{LIST|all|none}\n"
      "  hpvmnet {-S NAME | -s NUMBER} -u portid:N:native:{V|none}\n"
      "  hpvmnet {-S NAME | -s NUMBER} -u portid:N:queues:Q\n"
      "  hpvmnet {-S NAME | -s NUMBER} -u portid:N:rings:{split|packed}\n"
      "  hpvmnet {-S NAME | -s NUMBER} -u multicast:{flood|snoop|strict}\n"
      "  hpvmnet {-S NAME | -s NUMBER} -u filters:{FILTER[(ARGUMENTS)],...|none}\n"
      "\n"
      "The same and more in words, as 'hpvmnet help NOUN VERB' explains:\n" +
          subcommands_text(),
      "  hpvmnet -c -S prod -n eth1\n"
      "  hpvmnet -c -S clan1\n"
      "  hpvmnet -b -S clan1\n"
      "  hpvmnet -S clan1 -u portid:3:vlanid:120\n"
      "  hpvmnet -S clan1 -u portid:4:trunk:120,130-139\n"
      "  hpvmnet -QhS clan1\n"};
  return texts;
}

// The second line of an error: "Unable to ...". Empty for what only looks.
std::string_view attempt(Action action) {
  switch (action) {
    case Action::create:
      return "create the vswitch";
    case Action::clone:
      return "clone the vswitch";
    case Action::change:
      return "change the vswitch";
    case Action::reset:
      return "reset the vswitch";
    case Action::boot:
      return "boot the vswitch";
    case Action::halt:
      return "halt the vswitch";
    case Action::remove:
      return "delete the vswitch";
    case Action::set_port:
      return "change the port";
    case Action::set_vswitch:
      return "change the vswitch";
    case Action::show:
    case Action::show_ports:
    case Action::counters:
      break;
  }
  return {};
}

// Cleared where that is wanted, and then as it was before.
Status show_counters(Client& client, const HpvmnetOrder& order, Terminal& terminal) {
  const auto vswitch = order.clear ? clear_counters(client, *order.vswitch, order.port)
                                   : get_vswitch(client, *order.vswitch);
  return vswitch.map([&](const v1::Vswitch& shown) {
    if (order.form) {
      dump_counters(shown, order.port, *order.form, terminal);
    } else {
      show_counters(shown, order.port, order.verbose, terminal);
    }
  });
}

Status dump(Client& client, const HpvmnetOrder& order, Terminal& terminal) {
  if (order.action == Action::counters) return show_counters(client, order, terminal);
  if (order.action == Action::show_ports) {
    return dump_ports(client, *order.vswitch, order.port, *order.form, terminal);
  }
  return order.vswitch ? dump_vswitch(client, *order.vswitch, *order.form, terminal)
                       : dump_vswitches(client, order.verbose, *order.form, terminal);
}

Status carry_out(Client& client, const HpvmnetOrder& order, Terminal& terminal) {
  if (order.form) return dump(client, order, terminal);
  switch (order.action) {
    case Action::show:
      return order.vswitch ? show_vswitch(client, *order.vswitch, order.verbose, terminal)
                           : show_vswitches(client, order.verbose, terminal);
    case Action::show_ports:
      return show_ports(client, *order.vswitch, order.port, terminal);
    case Action::counters:
      return show_counters(client, order, terminal);
    case Action::create:
      return create_vswitch(client, order.vswitch->name(), order.backing, order.force);
    case Action::clone:
      return clone_vswitch(client, *order.vswitch, order.clone, order.backing, order.force,
                           terminal);
    case Action::change:
      return change_backing(client, *order.vswitch, order.backing, order.force);
    case Action::reset:
      return reset_vswitch(client, *order.vswitch);
    case Action::boot:
      return boot_vswitch(client, *order.vswitch, terminal);
    case Action::halt:
      return halt_vswitch(client, *order.vswitch);
    case Action::remove:
      return delete_vswitch(client, *order.vswitch);
    case Action::set_port:
      return set_port(client, *order.vswitch, order.setting);
    case Action::set_vswitch:
      return set_vswitch(client, *order.vswitch, order.vswitch_setting);
  }
  return {};
}

// Asks the user where something could be lost. The daemon is asked first: there may be no such
// vswitch.
Result<bool> confirmed(Client& client, const HpvmnetOrder& order, Terminal& terminal) {
  const bool dangerous = order.action == Action::halt || order.action == Action::remove;
  if (!dangerous || !order.ask) return true;
  const std::string_view verb = order.action == Action::halt ? "Halt" : "Delete";
  return get_vswitch(client, *order.vswitch).map([&](const v1::Vswitch& vswitch) {
    return terminal.confirm(fmt::format("{} the vswitch '{}'?", verb, vswitch.name()));
  });
}

int run(const CommandLine& line, const HpvmnetOrder& order, Terminal& terminal) {
  const std::string_view attempted = attempt(order.action);
  const Subject subject{.object = {}, .attempt = attempted};
  const bool looks = attempted.empty() && !order.clear;
  auto client = line.connect(looks ? Access::look : Access::administer);
  if (!client) return report(terminal, client.error(), subject);
  const auto agreed = confirmed(*client, order, terminal);
  if (!agreed) return report(terminal, agreed.error(), subject);
  if (!*agreed) return report_declined(terminal);
  return conclude(terminal, carry_out(*client, order, terminal), subject);
}

}  // namespace

int hpvmnet(const Invocation& invocation, Terminal& terminal) {
  HpvmnetOptions options;
  CommandLine line(invocation, terminal, help());
  options.add_to(line);
  if (const auto ended = line.parse()) return *ended;
  const auto order = to_order(options);
  if (!order) return report(terminal, order.error());
  return run(line, *order, terminal);
}

}  // namespace hpvmnet::cli
