#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/commands/vswitch_read.h"
#include "cli/listings.h"
#include "cli/mirror_spec.h"
#include "cli/show_options.h"
#include "cli/subcommands/subcommands.h"
#include "cli/subcommands/vswitch_command.h"

namespace hpvmnet::cli {
namespace {

/// What the user wants to be copied.
struct Wanted {
  std::optional<std::string> to;
  std::optional<std::string> from;
  bool ingress = false;
  bool egress = false;
  std::vector<std::string> filter;

  void add_to(CommandLine& line) {
    line.value("--to", to, "PORT", "The port that gets the copies, and no other frames");
    line.value("--from", from, "PORTS",
               "Of these ports only, with commas between them; uplink: the backing interface "
               "(default: all)");
    line.flag("--ingress", ingress, "What comes in by them (the default where all are meant)");
    line.flag("--egress", egress, "What leaves by them (--from: both is the default)");
    line.arguments("FILTER", filter, "Which frames, as pcap-filter(7) has it: tcp port 80");
  }
};

Result<v1::Mirror> read(const Wanted& wanted) {
  if (!wanted.to) return wrong_usage("which port gets the copies? Name it with --to");
  const auto to = read_port_number(*wanted.to);
  if (!to) return tl::unexpected(to.error());
  if (wanted.from && wanted.from->empty()) return wrong_usage("--from names no port");
  return read_mirror({.port = *to,
                      .sources = wanted.from.value_or(""),
                      .ingress = wanted.ingress,
                      .egress = wanted.egress,
                      .filter = fmt::format("{}", fmt::join(wanted.filter, " "))},
                     "--from " + wanted.from.value_or(""));
}

Status send(Client& client, const v1::VswitchReference& which,
            const std::optional<v1::Mirror>& mirror) {
  v1::SetVswitchMirrorRequest request;
  *request.mutable_vswitch() = which;
  if (mirror) *request.mutable_mirror() = *mirror;
  return client.change(&Client::Vswitches::SetVswitchMirror, request).map([](const auto&) {});
}

}  // namespace

int mirror_set(const Invocation& invocation, Terminal& terminal) {
  static const HelpTexts texts{
      "Has frames of a vswitch copied to one of its ports, for a guest that looks at them. The "
      "port gets no other frames, and none come in by it. Without --from each frame is copied "
      "once, as it comes in. What that guest is too slow for is lost to it alone and counted at "
      "its port. A filter sees a frame's first 180 bytes.",
      "  hpvmnet mirror set VSWITCH --to PORT [OPTION]... [FILTER ...]\n",
      "  hpvmnet mirror set prod --to 7\n"
      "  hpvmnet mirror set prod --to 7 --from 1,uplink tcp port 80\n"
      "  hpvmnet mirror set prod --to 7 --from 3 --egress\n"};
  Wanted wanted;
  v1::Mirror mirror;
  VswitchCommand command(invocation, terminal, texts, "set the mirror");
  wanted.add_to(command.line());
  return command.run(
      [&](Client& client, const v1::VswitchReference& which) {
        return send(client, which, mirror);
      },
      [&] { return read(wanted).map([&](v1::Mirror read) { mirror = std::move(read); }); });
}

int mirror_clear(const Invocation& invocation, Terminal& terminal) {
  static const HelpTexts texts{
      "Has no frames of a vswitch copied any longer. The port that got them is one like all "
      "others.",
      "  hpvmnet mirror clear VSWITCH [OPTION]...\n", "  hpvmnet mirror clear prod\n"};
  return VswitchCommand(invocation, terminal, texts, "clear the mirror")
      .run([](Client& client, const v1::VswitchReference& which) {
        return send(client, which, std::nullopt);
      });
}

int mirror_show(const Invocation& invocation, Terminal& terminal) {
  static const HelpTexts texts{
      "Shows which frames are copied to which port, of all vswitches or one.",
      "  hpvmnet mirror show [VSWITCH] [OPTION]...\n",
      "  hpvmnet mirror show\n"
      "  hpvmnet mirror show prod --json\n"};
  std::optional<std::string> name;
  ShowOptions options;
  CommandLine line(invocation, terminal, texts);
  line.argument("VSWITCH", name, "The vswitch; without it: all");
  options.add_to(line);
  if (const auto ended = line.parse()) return *ended;
  return options.show(line, terminal, [&](Client& client, const Style& style) {
    return vswitches_with_ports(client, name).map([&](const v1::ListVswitchesResponse& all) {
      return style.json ? style.json_of(all) : mirrors_listing(all, style.layout);
    });
  });
}

}  // namespace hpvmnet::cli
