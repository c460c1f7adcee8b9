#include "cli/commands/vswitch_change.h"
#include "cli/subcommands/subcommands.h"
#include "cli/subcommands/vswitch_command.h"

namespace hpvmnet::cli {

int switch_boot(const Invocation& invocation, Terminal& terminal) {
  static const HelpTexts texts{"Boots a vswitch: frames pass.",
                               "  hpvmnet switch {boot|up} VSWITCH [OPTION]...\n",
                               "  hpvmnet switch boot prod\n"};
  return VswitchCommand(invocation, terminal, texts, "boot the vswitch")
      .run([&](Client& client, const v1::VswitchReference& which) {
        return boot_vswitch(client, which, terminal);
      });
}

int switch_halt(const Invocation& invocation, Terminal& terminal) {
  static const HelpTexts texts{"Halts a vswitch: no frames pass, guests stay attached.",
                               "  hpvmnet switch {halt|down} VSWITCH [OPTION]...\n",
                               "  hpvmnet switch halt prod --yes\n"};
  VswitchCommand command(invocation, terminal, texts, "halt the vswitch");
  command.ask("Halt the vswitch");
  return command.run(halt_vswitch);
}

int switch_reset(const Invocation& invocation, Terminal& terminal) {
  static const HelpTexts texts{
      "Resets a vswitch: takes its backing interface anew. Guests stay attached.",
      "  hpvmnet switch reset VSWITCH [OPTION]...\n", "  hpvmnet switch reset prod\n"};
  return VswitchCommand(invocation, terminal, texts, "reset the vswitch").run(reset_vswitch);
}

int switch_delete(const Invocation& invocation, Terminal& terminal) {
  static const HelpTexts texts{"Deletes a vswitch, which no guest may use.",
                               "  hpvmnet switch delete VSWITCH [OPTION]...\n",
                               "  hpvmnet switch delete prod --yes\n"};
  VswitchCommand command(invocation, terminal, texts, "delete the vswitch");
  command.ask("Delete the vswitch");
  return command.run(delete_vswitch);
}

}  // namespace hpvmnet::cli
