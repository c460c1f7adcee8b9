#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/commands/backing.h"
#include "cli/commands/vswitch_change.h"
#include "cli/commands/vswitch_setting.h"
#include "cli/filter_list.h"
#include "cli/multicast_policy.h"
#include "cli/subcommands/subcommands.h"
#include "cli/subcommands/vswitch_command.h"
#include "cli/values.h"

namespace hpvmnet::cli {
namespace {

constexpr const char* kBackingHelp =
    "The host interface by which the vswitch joins the network; the host goes on using it. "
    "INTERFACE:vlanid:V: the vswitch is VLAN V of it, 1 to 4094. INTERFACE:mode:M: use it so: "
    "auto, xdp, xdp-generic or packet. none: a local vswitch";
constexpr const char* kMulticastHelp =
    "IP multicast goes to those who asked for it (snoop), to everybody (flood), or to nobody who "
    "has not asked (strict)";
constexpr const char* kFiltersHelp =
    "Filters that frames must pass, in this order: NAME or NAME(ARGUMENTS), with commas between "
    "them, as 'hpvmnet plugin list' names them. none: no filter";
constexpr const char* kForceHelp =
    "Use an interface that is not there, or that carries your own connection";

/// The settings of a vswitch, as the user wrote them and as they are sent.
struct Settings {
  std::optional<std::string> backing_text;
  std::optional<std::string> multicast_text;
  std::optional<std::string> filters_text;
  bool force = false;
  std::optional<v1::Backing> backing;
  std::vector<VswitchSetting> others;

  bool any() const { return backing_text || multicast_text || filters_text; }

  void add_to(CommandLine& line) {
    line.value("--backing", backing_text, "INTERFACE", kBackingHelp);
    line.value("--multicast", multicast_text, "flood|snoop|strict", kMulticastHelp);
    line.value("--filters", filters_text, "FILTERS", kFiltersHelp);
    line.flag("--force", force, kForceHelp);
  }

  Status read() {
    if (backing_text) {
      auto read = parse_backing(*backing_text);
      if (!read) return tl::unexpected(read.error());
      backing = *std::move(read);
    }
    return read_multicast().and_then([&] { return read_filters(); });
  }

 private:
  Status read_multicast() {
    if (!multicast_text) return {};
    const auto policy = parse_multicast_policy(*multicast_text);
    if (!policy) {
      return wrong_usage(fmt::format("{} is no way to treat multicast; flood, snoop or strict",
                                     shown(*multicast_text)));
    }
    others.emplace_back(*policy);
    return {};
  }

  Status read_filters() {
    if (!filters_text) return {};
    return parse_filter_list({*filters_text, 1}, "--filters " + *filters_text)
        .map([&](std::vector<v1::Filter> filters) { others.emplace_back(std::move(filters)); });
  }
};

Status set_others(Client& client, const v1::VswitchReference& which, const Settings& settings) {
  for (const VswitchSetting& setting : settings.others) {
    if (auto status = set_vswitch(client, which, setting); !status) return status;
  }
  return {};
}

// A vswitch that could be made only in part is not left behind.
Status create(Client& client, const v1::VswitchReference& which, const Settings& settings, bool up,
              Terminal& terminal) {
  if (auto status = create_vswitch(client, which.name(), settings.backing, settings.force);
      !status) {
    return status;
  }
  Status status = set_others(client, which, settings);
  if (status && up) status = boot_vswitch(client, which, terminal);
  if (!status) static_cast<void>(delete_vswitch(client, which));
  return status;
}

Status set(Client& client, const v1::VswitchReference& which, const Settings& settings) {
  if (settings.backing_text) {
    auto status = change_backing(client, which, settings.backing, settings.force);
    if (!status) return status;
  }
  return set_others(client, which, settings);
}

}  // namespace

int switch_create(const Invocation& invocation, Terminal& terminal) {
  static const HelpTexts texts{"Makes a vswitch. It has to be booted before frames pass.",
                               "  hpvmnet switch create VSWITCH [OPTION]...\n",
                               "  hpvmnet switch create lab --up\n"
                               "  hpvmnet switch create prod --backing eth1 --up\n"
                               "  hpvmnet switch create prod --backing eth1:vlanid:20\n"};
  Settings settings;
  bool up = false;
  VswitchCommand command(invocation, terminal, texts, "create the vswitch");
  settings.add_to(command.line());
  command.line().flag("--up", up, "Boot it at once");
  return command.run(
      [&](Client& client, const v1::VswitchReference& which) {
        return create(client, which, settings, up, terminal);
      },
      [&] { return settings.read(); });
}

int switch_set(const Invocation& invocation, Terminal& terminal) {
  static const HelpTexts texts{"Changes the settings of a vswitch.",
                               "  hpvmnet switch set VSWITCH [OPTION]...\n",
                               "  hpvmnet switch set prod --backing eth2\n"
                               "  hpvmnet switch set prod --backing none\n"
                               "  hpvmnet switch set prod --multicast strict\n"
                               "  hpvmnet switch set prod --filters none\n"};
  Settings settings;
  VswitchCommand command(invocation, terminal, texts, "change the vswitch");
  settings.add_to(command.line());
  return command.run(
      [&](Client& client, const v1::VswitchReference& which) {
        return set(client, which, settings);
      },
      [&]() -> Status {
        if (!settings.any()) {
          return wrong_usage("what is to change? Give --backing, --multicast or --filters");
        }
        return settings.read();
      });
}

}  // namespace hpvmnet::cli
