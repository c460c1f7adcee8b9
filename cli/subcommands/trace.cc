#include <array>
#include <ostream>

#include <fmt/format.h>

#include "cli/command_line.h"
#include "cli/commands/vswitch_read.h"
#include "cli/json.h"
#include "cli/made_frame.h"
#include "cli/report.h"
#include "cli/subcommands/subcommands.h"
#include "cli/values.h"

namespace hpvmnet::cli {
namespace {

const HelpTexts& help() {
  static const HelpTexts texts{
      "Says where a frame would go, and why: it takes the way of those that come in by a port, and "
      "is "
      "not sent. Write it in hexadecimal digits, or say what it is about.",
      "  hpvmnet trace -S NAME --from PORT FRAME [--json]\n"
      "  hpvmnet trace -S NAME --from PORT {--tcp | --udp} ADDRESS:PORT,ADDRESS:PORT\n"
      "                {--to PORT | --dst MAC}\n"
      "  hpvmnet trace -S NAME --from PORT --icmp ADDRESS,ADDRESS {--to PORT | --dst MAC}\n"
      "  hpvmnet trace -S NAME --from PORT --arp ADDRESS,ADDRESS\n"
      "                [--to PORT | --dst MAC]\n",
      "  hpvmnet trace -S prod --from 1 --arp 10.0.0.1,10.0.0.2\n"
      "  hpvmnet trace -S prod --from 1 --to 2 --icmp 10.0.0.1,10.0.0.2\n"
      "  hpvmnet trace -S prod --from 1 --tcp 10.0.0.1:1024,10.0.0.2:80 --dst 2a-87-14-5c-f9-ed\n"};
  return texts;
}

struct Wanted {
  std::optional<std::string> vswitch, port, frame, source, to, destination, vlan;
  std::optional<std::string> tcp, udp, icmp, arp;
  bool json = false;
};

struct Kind {
  const char* option;
  std::optional<std::string> Wanted::*text;
  FrameKind kind;
};
constexpr std::array kKinds{
    Kind{"--tcp", &Wanted::tcp, FrameKind::tcp}, Kind{"--udp", &Wanted::udp, FrameKind::udp},
    Kind{"--icmp", &Wanted::icmp, FrameKind::icmp}, Kind{"--arp", &Wanted::arp, FrameKind::arp}};

Result<Mac> read_mac(const char* option, const std::string& text) {
  if (const auto mac = Mac::parse(text)) return *mac;
  return wrong_usage(
      fmt::format("{} {} is no MAC address; write it as aa-bb-cc-00-11-22", option, shown(text)));
}

// Addresses of vNICs by their ports; the daemon is asked for them once, when one is needed.
class VnicAddresses {
 public:
  VnicAddresses(Client& client, const std::string& vswitch) : client_(client), vswitch_(vswitch) {}

  // `otherwise`: the option that says the address where there is no vNIC or more than one.
  Result<Mac> on(std::uint32_t port, const char* otherwise) {
    if (!guests_) {
      auto guests = client_.look(&Client::Guests::ListGuests, {});
      if (!guests) return tl::unexpected(guests.error());
      guests_ = *std::move(guests);
    }
    const std::string found = the_one_on(port);
    if (!found.empty()) return read_mac("vNIC", found);
    return wrong_usage(
        fmt::format("port {} has no vNIC whose address is known; say {} MAC", port, otherwise));
  }

 private:
  // Empty where there is none or more than one.
  std::string the_one_on(std::uint32_t port) const {
    std::string found;
    for (const v1::Guest& guest : guests_->guests()) {
      for (const v1::Vnic& vnic : guest.vnics()) {
        if (vnic.vswitch() != vswitch_ || vnic.port() != port) continue;
        if (!found.empty()) return {};
        found = vnic.mac_address();
      }
    }
    return found;
  }

  Client& client_;
  const std::string& vswitch_;
  std::optional<v1::ListGuestsResponse> guests_;
};

Result<Mac> source_of(const Wanted& wanted, std::uint32_t port, VnicAddresses& vnics) {
  if (wanted.source) return read_mac("--src", *wanted.source);
  return vnics.on(port, "--src");
}

Result<Mac> destination_of(const Wanted& wanted, VnicAddresses& vnics) {
  if (wanted.to && wanted.destination) {
    return wrong_usage("--to and --dst both say for whom the frame is; give one of them");
  }
  if (wanted.destination) return read_mac("--dst", *wanted.destination);
  if (wanted.to) {
    return read_port_number(*wanted.to).and_then([&](std::uint32_t port) {
      return vnics.on(port, "--dst");
    });
  }
  if (wanted.arp) return *Mac::parse("ff-ff-ff-ff-ff-ff");
  return wrong_usage("for whom is it? Say --to PORT, or --dst MAC");
}

Result<std::optional<std::uint32_t>> read_vlan(const Wanted& wanted) {
  if (!wanted.vlan) return std::nullopt;
  const auto vlan = parse_number(*wanted.vlan);
  if (vlan && *vlan <= kLastVlanId) return vlan;
  return wrong_usage(
      fmt::format("--vlan {} is no VLAN; they are 0 to {}", shown(*wanted.vlan), kLastVlanId));
}

Result<std::string> frame_of(const Wanted& wanted, std::uint32_t port, Client& client) {
  const Kind* chosen = nullptr;
  std::size_t given = wanted.frame ? 1 : 0;
  for (const Kind& kind : kKinds) {
    if (!(wanted.*kind.text)) continue;
    chosen = &kind;
    ++given;
  }
  if (given != 1) {
    return wrong_usage(
        "which frame? Give one: in hexadecimal digits, or with --tcp, --udp, --icmp or --arp");
  }
  if (chosen == nullptr) {
    if (wanted.source || wanted.to || wanted.destination || wanted.vlan) {
      return wrong_usage(
          "a frame in hexadecimal digits has its own addresses and tag: leave out --src, --to, "
          "--dst and --vlan");
    }
    return read_frame(*wanted.frame);
  }
  const auto vlan = read_vlan(wanted);
  if (!vlan) return tl::unexpected(vlan.error());
  VnicAddresses vnics(client, *wanted.vswitch);
  const auto destination = destination_of(wanted, vnics);
  if (!destination) return tl::unexpected(destination.error());
  const auto source = source_of(wanted, port, vnics);
  if (!source) return tl::unexpected(source.error());
  return make_frame(chosen->kind, chosen->option, *(wanted.*chosen->text),
                    {*source, *destination, *vlan});
}

std::string receivers_text(const v1::TraceResponse& trace) {
  std::string text;
  for (const auto& receiver : trace.receivers()) {
    text += fmt::format("{}port {}", text.empty() ? "" : ", ", receiver.port());
    if (!receiver.guest().empty()) text += fmt::format(" ({})", receiver.guest());
    if (!receiver.change().empty()) text += fmt::format(" {}", receiver.change());
  }
  return text;
}

std::string outcome_text(const v1::TraceResponse& trace) {
  if (trace.has_dropped()) {
    std::string text = fmt::format("dropped: {}", trace.dropped().description());
    return trace.because().empty() ? text : fmt::format("{}, because {}", text, trace.because());
  }
  if (trace.receivers().empty()) return "taken by the vswitch itself, and by nobody else";
  return fmt::format("{} to {}", trace.flooded() ? "flooded" : "delivered", receivers_text(trace));
}

Status trace(const CommandLine& line, const Wanted& wanted, Terminal& terminal) {
  if (!wanted.vswitch) return wrong_usage("which vswitch? Name it with -S");
  if (!wanted.port) return wrong_usage("by which port does the frame come in? Say --from PORT");
  const auto port = parse_number(*wanted.port);
  if (!port || *port > kPortsPerVswitch) {
    return wrong_usage(
        fmt::format("--from {} is no port; they are 0 to {}, and {} is the backing interface's",
                    shown(*wanted.port), kPortsPerVswitch - 1, kPortsPerVswitch));
  }
  auto name = plain_name("vswitch", *wanted.vswitch);
  if (!name) return tl::unexpected(name.error());
  auto client = line.connect(Access::look);
  if (!client) return tl::unexpected(client.error());
  auto frame = frame_of(wanted, *port, *client);
  if (!frame) return tl::unexpected(frame.error());
  v1::TraceRequest request;
  request.mutable_vswitch()->set_name(*name);
  request.set_port(*port);
  request.set_frame(*std::move(frame));
  const auto answer = client->look(&Client::Packets::Trace, request);
  if (!answer) return tl::unexpected(answer.error());
  if (wanted.json) {
    terminal.out() << json_text(*answer);
    return {};
  }
  for (const auto& step : answer->steps()) {
    terminal.out() << fmt::format("{:<16}{}\n", step.stage(), step.text());
  }
  terminal.out() << outcome_text(*answer) << '\n';
  return {};
}

}  // namespace

int trace(const Invocation& invocation, Terminal& terminal) {
  Wanted wanted;
  CommandLine line(invocation, terminal, help());
  line.value("-S", wanted.vswitch, "NAME", "The vswitch");
  line.value("--from", wanted.port, "PORT", "By which it comes in; the backing interface's is 512");
  line.value("--tcp", wanted.tcp, "FROM,TO", "The first segment of a TCP connection");
  line.value("--udp", wanted.udp, "FROM,TO", "A UDP datagram");
  line.value("--icmp", wanted.icmp, "FROM,TO", "An echo request");
  line.value("--arp", wanted.arp, "FROM,TO", "FROM asks for TO's MAC address");
  line.value("--src", wanted.source, "MAC", "Its source (default: of the vNIC on the port)");
  line.value("--to", wanted.to, "PORT", "It is for the vNIC on this port");
  line.value("--dst", wanted.destination, "MAC",
             "Its destination (of --arp by default: everybody)");
  line.value("--vlan", wanted.vlan, "VLAN", "The tag that it has (default: none)");
  line.flag("--json", wanted.json, "As JSON");
  line.argument("FRAME", wanted.frame, "In hexadecimal digits, from the destination address on");
  if (const auto ended = line.parse()) return *ended;
  return conclude(terminal, trace(line, wanted, terminal), {wanted.vswitch.value_or(""), {}});
}

}  // namespace hpvmnet::cli
