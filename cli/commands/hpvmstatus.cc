#include <optional>
#include <ostream>
#include <string>

#include <fmt/format.h>

#include "cli/command_line.h"
#include "cli/commands/commands.h"
#include "cli/commands/guest_name.h"
#include "cli/guest_text.h"
#include "cli/report.h"
#include "cli/shell.h"
#include "cli/values.h"

namespace hpvmnet::cli {
namespace {

const HelpTexts& help() {
  static const HelpTexts texts{
      "Shows guests and their network interfaces.",
      "  hpvmstatus                                   all guests\n"
      "  hpvmstatus {-P NAME | -p NUMBER} [-V | -d]   one guest\n"
      "  hpvmstatus {-P NAME | -p NUMBER} --qemu      how to start it with its vNICs\n",
      "  hpvmstatus -P web1\n"
      "  hpvmstatus -P web1 -d\n"
      "  eval \"qemu-system-x86_64 -hda web1.qcow2 $(hpvmstatus -P web1 --qemu)\"\n"};
  return texts;
}

struct Options {
  GuestName guest;
  bool verbose = false;
  bool devices = false;
  bool qemu = false;
  std::optional<std::string> memory;
};

Status check(const Options& options) {
  const int layouts = options.verbose + options.devices + options.qemu;
  if (layouts > 1) return wrong_usage("-V, -d and --qemu show different things; give one of them");
  if (options.memory && !options.qemu) {
    return wrong_usage("--memory says how much memory --qemu is to give the guest; add --qemu");
  }
  if (options.memory && parse_number(*options.memory).value_or(0) == 0) {
    return wrong_usage(
        fmt::format("--memory {} is no number of mebibytes", shown(*options.memory)));
  }
  if (options.guest.given()) return options.guest.check();
  if (layouts == 0) return {};
  return wrong_usage(fmt::format("{} needs a guest: -P NAME or -p NUMBER; 'hpvmstatus' lists them",
                                 options.qemu      ? "--qemu"
                                 : options.devices ? "-d"
                                                   : "-V"));
}

Status show_all(Client& client, Terminal& terminal) {
  return client.look(&Client::Guests::ListGuests, {}).map([&](const auto& response) {
    terminal.out() << summary_text(response.guests());
  });
}

Status show_guest(Client& client, const std::string& name, const Options& options,
                  Terminal& terminal) {
  v1::GetGuestRequest request;
  request.set_name(name);
  return client.look(&Client::Guests::GetGuest, request).map([&](const v1::Guest& guest) {
    terminal.out() << (options.devices   ? devices_text(guest)
                       : options.verbose ? verbose_text(guest)
                                         : details_text(guest));
  });
}

Status show_qemu(Client& client, const std::string& name, const Options& options,
                 Terminal& terminal) {
  v1::DescribeAttachmentRequest request;
  request.set_name(name);
  request.set_hypervisor(v1::DescribeAttachmentRequest::HYPERVISOR_QEMU);
  if (options.memory) request.set_memory_mib(parse_number(*options.memory).value());
  return client.look(&Client::Guests::DescribeAttachment, request).map([&](const auto& response) {
    if (response.arguments().empty()) {
      warn(terminal, name, "the guest has no vNICs that a hypervisor attaches");
    }
    terminal.out() << shell_lines({response.arguments().begin(), response.arguments().end()});
  });
}

Status show(const CommandLine& line, const Options& options, Terminal& terminal) {
  if (auto status = check(options); !status) return status;
  auto client = line.connect(Access::look);
  if (!client) return tl::unexpected(client.error());
  if (!options.guest.given()) return show_all(*client, terminal);
  const auto name = options.guest.resolve(*client);
  if (!name) return tl::unexpected(name.error());
  return options.qemu ? show_qemu(*client, *name, options, terminal)
                      : show_guest(*client, *name, options, terminal);
}

}  // namespace

int hpvmstatus(const Invocation& invocation, Terminal& terminal) {
  Options options;
  CommandLine line(invocation, terminal, help());
  options.guest.add_to(line);
  line.flag("-V", options.verbose, "Verbose: a line for each thing");
  line.flag("-d", options.devices, "As resource strings, which hpvmcreate takes");
  line.flag("--qemu", options.qemu, "As arguments of QEMU, to paste into a shell");
  line.value("--memory", options.memory, "MIB",
             "With --qemu: the guest's memory, where it must be shared (default: 1024)");
  if (const auto ended = line.parse()) return *ended;
  return conclude(terminal, show(line, options, terminal),
                  {.object = options.guest.text(), .attempt = {}});
}

}  // namespace hpvmnet::cli
