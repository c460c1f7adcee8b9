#include "cli/commands/hpvmnet_options.h"

#include <array>
#include <string_view>

#include <fmt/format.h>

#include "cli/commands/vswitch_setting.h"
#include "cli/values.h"

namespace hpvmnet::cli {
namespace {

using Action = HpvmnetOrder::Action;

struct Choice {
  std::string_view option;
  Action action;
  bool chosen;
};

Result<Choice> choose(const HpvmnetOptions& options) {
  const std::array choices{
      Choice{"-c", Action::create, options.create},
      Choice{"-C", options.clone ? Action::clone : Action::change, options.change},
      Choice{"-b", Action::boot, options.boot},
      Choice{"-h", Action::halt, options.halt},
      Choice{"-r", Action::reset, options.reset},
      Choice{"-d", Action::remove, options.remove},
      Choice{"-u", Action::set_port, options.setting.has_value()},
      Choice{"-A", Action::counters, options.counters}};
  std::optional<Choice> chosen;
  for (const Choice& choice : choices) {
    if (!choice.chosen) continue;
    if (chosen) {
      return wrong_usage(
          fmt::format("{} and {} are two different things to do; use hpvmnet once "
                      "for each",
                      chosen->option, choice.option));
    }
    chosen = choice;
  }
  if (chosen) return *chosen;
  return Choice{"-p", options.port ? Action::show_ports : Action::show, true};
}

bool is_change(Action action) {
  return action != Action::show && action != Action::show_ports && action != Action::counters;
}

Status check_selection(const HpvmnetOptions& options, const Choice& choice) {
  if (options.name && options.number) {
    return wrong_usage("-S and -s both say which vswitch is meant; give one of them");
  }
  if (choice.action == Action::create && !options.name) {
    return wrong_usage("-c needs a name for the new vswitch: -S NAME; its number is chosen");
  }
  if (choice.action != Action::show && !options.name && !options.number) {
    return wrong_usage(fmt::format("{} needs a vswitch: -S NAME or -s NUMBER; 'hpvmnet' lists them",
                                   choice.option));
  }
  return {};
}

Status check_layout(const HpvmnetOptions& options, const Choice& choice) {
  if (options.machine && options.xml) {
    return wrong_usage("-M and -X are two forms for programs to read; give one of them");
  }
  const std::array layouts{std::pair("-V", options.verbose), std::pair("-M", options.machine),
                           std::pair("-X", options.xml)};
  for (const auto& [option, given] : layouts) {
    if (!given || !is_change(choice.action)) continue;
    return wrong_usage(
        fmt::format("{0} only shows, so it does not go with {1}; use 'hpvmnet {0}' afterwards",
                    option, choice.option));
  }
  return {};
}

Status check_company(const HpvmnetOptions& options, const Choice& choice) {
  if (options.port && is_change(choice.action)) {
    return wrong_usage(
        fmt::format("-p only shows ports, so it does not go with {}; leave it out "
                    "(-u names the port that it changes itself)",
                    choice.option));
  }
  if (choice.action == Action::show || choice.action == Action::show_ports) {
    if (options.clone) {
      return wrong_usage(
          "-N names a new vswitch with the settings of another one: -C -S OTHER -N NAME");
    }
    if (options.backing) {
      return wrong_usage(
          "-n names a backing interface: for a new vswitch, -c -S NAME -n INTERFACE; for one that "
          "exists, -C -S NAME -n INTERFACE");
    }
  }
  const bool takes_backing = choice.action == Action::create || choice.action == Action::clone ||
                             choice.action == Action::change;
  if (options.backing && !takes_backing) {
    return wrong_usage(
        fmt::format("-n gives a new vswitch its backing interface, with -c, or another one to a "
                    "vswitch that exists, with -C; it does not go with {}",
                    choice.option));
  }
  if (choice.action == Action::change && !options.backing) {
    return wrong_usage(
        "-C needs the new backing interface: -n INTERFACE, or -n none; or the name of a new "
        "vswitch "
        "with the same settings: -N NAME");
  }
  if (options.clone && choice.action != Action::clone) {
    return wrong_usage(
        fmt::format("-N names a new vswitch with the settings of another one, with -C; it does not "
                    "go with {}",
                    choice.option));
  }
  if (options.clear && choice.action != Action::counters) {
    return wrong_usage("-Z clears what -A has shown; give both");
  }
  return check_layout(options, choice);
}

Result<std::optional<v1::VswitchReference>> read_vswitch(const HpvmnetOptions& options) {
  if (!options.name && !options.number) return std::nullopt;
  v1::VswitchReference vswitch;
  if (options.name) {
    auto name = plain_name("vswitch", *options.name);
    if (!name) return tl::unexpected(name.error());
    vswitch.set_name(*std::move(name));
    return vswitch;
  }
  const auto number = parse_number(*options.number);
  if (!number) {
    return wrong_usage(fmt::format("-s {} is not the number of a vswitch; 'hpvmnet' lists them",
                                   shown(*options.number)));
  }
  vswitch.set_number(*number);
  return vswitch;
}

Result<std::optional<std::uint32_t>> read_port(const HpvmnetOptions& options) {
  if (!options.port || *options.port == "all") return std::nullopt;
  const auto number = parse_number(*options.port);
  if (number && *number < kPortsPerVswitch) return number;
  return wrong_usage(fmt::format("-p {} is not a port; 0 to {}, or all", shown(*options.port),
                                 kPortsPerVswitch - 1));
}

std::optional<Form> form_of(const HpvmnetOptions& options) {
  if (options.machine) return Form::machine;
  return options.xml ? std::optional(Form::xml) : std::nullopt;
}

tl::unexpected<Error> wrong_value(std::string_view option, const Error& error) {
  return tl::unexpected(Error{error.kind, fmt::format("{} {}", option, error.text)});
}

}  // namespace

void HpvmnetOptions::add_to(CommandLine& line) {
  line.value("-S", name, "NAME", "The vswitch, by name; alone: show it and its ports");
  line.value("-s", number, "NUMBER", "The vswitch, by number; alone: show it and its ports");
  line.value("-p", port, "PORT|all", "Show a port in detail; with -A: count that one only");
  line.flag("-A", counters, "Show what the ports have counted: frames, bytes, drops and why");
  line.flag("-Z", clear, "With -A: clear that after showing it, for all who use -A");
  line.flag("-V", verbose,
            "Verbose: a line for each thing; with -A: bursts, too; with -M, -X: all "
            "vswitches with their ports");
  line.flag("-M", machine,
            "For programs: a line for each thing, fields with colons between them; a colon or "
            "backslash in a field has a backslash before it");
  line.flag("-X", xml, "For programs: the same as XML");
  line.flag("-c", create, "Create the vswitch; it has to be booted before frames pass");
  line.flag(
      "-C", change,
      "Change the backing interface of the vswitch to that of -n; with -N: make another vswitch");
  line.value(
      "-N", clone, "NAME",
      "With -C: the name of a new vswitch, which gets the settings of the vswitch and of its "
      "ports, not its guests, and no backing interface but that of -n");
  line.value(
      "-n", backing, "INTERFACE",
      "With -c, -C: the host interface by which the vswitch joins the network; the host goes "
      "on using it. INTERFACE:vlanid:V: the vswitch is VLAN V of it, 1 to 4094. "
      "INTERFACE:mode:M: use it so: auto, xdp, xdp-generic or packet. none: a local vswitch");
  line.flag("-b", boot, "Boot the vswitch: frames pass");
  line.flag("-h", halt, "Halt the vswitch: no frames pass, guests stay attached");
  line.flag("-r", reset, "Reset the vswitch: take its backing interface anew");
  line.flag("-d", remove, "Delete the vswitch, which no guest may use");
  line.value(
      "-u", setting, "portid:N:vlanid:V",
      "Put a port into a VLAN, 0 to 4094; V none: into no VLAN. portid:N:trunk:LIST: let it "
      "carry frames with tags of these VLANs (10,20-29 or all; none: no more); "
      "portid:N:native:V: the VLAN of its frames without a tag, which a trunk drops "
      "otherwise. portid:N:queues:Q: give the vNIC on the port 1 to 16 pairs of queues; "
      "the interface of a tap port is made anew with them. portid:N:rings:packed: let it "
      "use packed rings; split: only split ones. multicast:snoop: IP multicast goes to "
      "those who asked for it; flood: to everybody; strict: to nobody who has not asked. "
      "filters:LIST: frames enter "
      "only if all of these filters let them, as in 'filters:a,b(ARGUMENTS)'; none: no filter");
  line.flag("-Q", no_questions, "Ask no question");
  line.flag(
      "-F", force,
      "Ask no question, and use an interface that is not there or carries your own connection");
}

Result<HpvmnetOrder> to_order(const HpvmnetOptions& options) {
  const auto choice = choose(options);
  if (!choice) return tl::unexpected(choice.error());
  if (auto status = check_selection(options, *choice); !status) {
    return tl::unexpected(status.error());
  }
  if (auto status = check_company(options, *choice); !status) return tl::unexpected(status.error());
  auto vswitch = read_vswitch(options);
  if (!vswitch) return tl::unexpected(vswitch.error());
  const auto port = read_port(options);
  if (!port) return tl::unexpected(port.error());
  HpvmnetOrder order{.action = choice->action,
                     .vswitch = *std::move(vswitch),
                     .port = *port,
                     .setting = {},
                     .vswitch_setting = {},
                     .backing = {},
                     .clone = {},
                     .force = options.force,
                     .verbose = options.verbose,
                     .ask = !options.no_questions && !options.force,
                     .clear = options.clear,
                     .form = form_of(options)};
  if (options.clone) {
    auto name = plain_name("vswitch", *options.clone);
    if (!name) return tl::unexpected(name.error());
    order.clone = *std::move(name);
  }
  if (options.backing) {
    auto backing = parse_backing(*options.backing);
    if (!backing) return wrong_value("-n", backing.error());
    order.backing = *std::move(backing);
  }
  if (order.action != Action::set_port) return order;
  if (is_vswitch_setting(*options.setting)) {
    auto setting = parse_vswitch_setting(*options.setting);
    if (!setting) return wrong_value("-u", setting.error());
    order.action = Action::set_vswitch;
    order.vswitch_setting = *std::move(setting);
    return order;
  }
  const auto setting = parse_port_setting(*options.setting);
  if (!setting) return wrong_value("-u", setting.error());
  order.setting = *setting;
  return order;
}

}  // namespace hpvmnet::cli
