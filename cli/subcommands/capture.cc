#include <fstream>
#include <iostream>
#include <optional>

#include <fmt/format.h>
#include <unistd.h>

#include "cli/capture_file.h"
#include "cli/command_line.h"
#include "cli/end_signals.h"
#include "cli/frame_filter.h"
#include "cli/port_names.h"
#include "cli/report.h"
#include "cli/subcommands/subcommands.h"
#include "cli/values.h"

namespace hpvmnet::cli {
namespace {

const HelpTexts& help() {
  static const HelpTexts texts{
      "Shows frames of a vswitch, as a pcapng file that Wireshark reads: those that come in, "
      "unless "
      "others are asked for. FILTER is in the language of tcpdump and looks at a frame's first 180 "
      "bytes. Guests are not slowed down: what the reader is too slow for is left out and counted. "
      "Needs an administrator, since it shows what guests say to each other. Ends with Ctrl-C.",
      "  hpvmnet capture -S NAME [-p PORT] [--ingress] [--egress] [--drops] [-w FILE]\n"
      "                  [--snaplen BYTES] [--count FRAMES] [FILTER ...]\n",
      "  hpvmnet capture -S prod | tshark -r -\n"
      "  hpvmnet capture -S prod -p 3 --drops | tshark -r - -T fields -e _ws.col.Info -e "
      "frame.comment\n"
      "  hpvmnet capture -S prod -w web.pcapng --count 1000 tcp port 80\n"};
  return texts;
}

struct Wanted {
  std::optional<std::string> vswitch;
  std::optional<std::string> port;
  std::optional<std::string> file;
  std::optional<std::string> snaplen;
  std::optional<std::string> count;
  bool ingress = false;
  bool egress = false;
  bool drops = false;
  std::vector<std::string> filter;
};

Result<std::uint32_t> number(const char* option, const std::optional<std::string>& text,
                             std::uint32_t least, std::uint32_t most) {
  if (!text) return std::uint32_t{0};
  const auto parsed = parse_number(*text);
  if (parsed && *parsed >= least && *parsed <= most) return *parsed;
  return wrong_usage(
      fmt::format("{} {} is no number from {} to {}", option, shown(*text), least, most));
}

Result<v1::CaptureRequest> request_of(const Wanted& wanted) {
  if (!wanted.vswitch) return wrong_usage("which vswitch? Name it with -S");
  v1::CaptureRequest request;
  auto name = plain_name("vswitch", *wanted.vswitch);
  if (!name) return tl::unexpected(name.error());
  request.mutable_vswitch()->set_name(*name);
  request.set_egress(wanted.egress);
  request.set_drops(wanted.drops);
  request.set_ingress(wanted.ingress || (!wanted.egress && !wanted.drops));
  const auto port = number("-p", wanted.port, 0, kPortsPerVswitch);
  if (!port) return tl::unexpected(port.error());
  if (wanted.port) request.set_port(*port);
  const auto snaplen = number("--snaplen", wanted.snaplen, 1, 1 << 20);
  if (!snaplen) return tl::unexpected(snaplen.error());
  request.set_snaplen(*snaplen);
  auto program = compile_filter(fmt::format("{}", fmt::join(wanted.filter, " ")));
  if (!program) return tl::unexpected(program.error());
  *request.mutable_filter() = *std::move(program);
  return request;
}

// Where the frames go: a file, or standard output.
class Output {
 public:
  Status open(const Wanted& wanted, Terminal& terminal) {
    if (wanted.file && *wanted.file != "-") {
      file_.open(*wanted.file, std::ios::binary);
      if (file_) return {};
      return failed(fmt::format("cannot write {}: {}", shown(*wanted.file),
                                std::generic_category().message(errno)));
    }
    stream_ = &terminal.out();
    if (stream_ != &std::cout || ::isatty(STDOUT_FILENO) == 0) return {};
    return wrong_usage(
        "frames are not for a terminal; write them to a file with -w FILE, or read them with "
        "'| tshark -r -'");
  }
  std::ostream& stream() { return *stream_; }

 private:
  std::ofstream file_;
  std::ostream* stream_ = &file_;
};

std::string summary(const CaptureFile& file) {
  const auto frames = [](std::uint64_t count) {
    return fmt::format("{} frame{}", count, count == 1 ? "" : "s");
  };
  std::string text = frames(file.frames()) + " captured";
  if (file.lost() != 0) {
    text += fmt::format(
        ", {} more lost to the capture, whose reader was too slow; the guests got "
        "them. Try a filter, --snaplen, or a file",
        file.lost());
  }
  return text;
}

Status capture(const CommandLine& line, const Wanted& wanted, Terminal& terminal) {
  const auto request = request_of(wanted);
  if (!request) return tl::unexpected(request.error());
  const auto most = number("--count", wanted.count, 1, ~std::uint32_t{0});
  if (!most) return tl::unexpected(most.error());
  const EndSignals signals;
  auto client = line.connect(Access::administer);
  if (!client) return tl::unexpected(client.error());
  auto names = PortNames::of(*client, *wanted.vswitch);
  if (!names) return tl::unexpected(names.error());
  Output output;
  Status opened;  // not before the daemon has agreed: a file stays as it is where it has not
  std::optional<CaptureFile> file;
  const auto take = [&](const v1::CaptureBatch& batch) {
    if (!file) {
      opened = output.open(wanted, terminal);
      if (!opened) return false;
      file.emplace(output.stream(), request->snaplen(),
                   [&](std::uint32_t port) { return names->name(port); });
    }
    file->note_losses(batch);
    for (const v1::CapturedFrame& frame : batch.frames()) {
      if (*most != 0 && file->frames() == *most) break;
      file->write(frame);
    }
    output.stream().flush();
    const bool all = *most != 0 && file->frames() == *most;
    return output.stream().good() && !all && !signals.received();
  };
  const Status status = client->stream(&Client::Packets::Capture, *request, take);
  if (!opened) return opened;
  if (!file) return status;
  file->finish();
  output.stream().flush();
  if (!output.stream()) {
    return failed("cannot write the frames: nobody reads them, or no space is left");
  }
  terminal.say(summary(*file));
  return status;
}

}  // namespace

int capture(const Invocation& invocation, Terminal& terminal) {
  Wanted wanted;
  CommandLine line(invocation, terminal, help());
  line.value("-S", wanted.vswitch, "NAME", "The vswitch");
  line.value("-p", wanted.port, "PORT", "This port only; its backing interface is port 512");
  line.flag("--ingress", wanted.ingress, "Frames as they come in, each once (the default)");
  line.flag("--egress", wanted.egress, "Frames as they were delivered, once for each receiver");
  line.flag("--drops", wanted.drops, "Frames that were dropped, with the reason as their comment");
  line.value("-w", wanted.file, "FILE", "Where to write them (default: standard output)");
  line.value("--snaplen", wanted.snaplen, "BYTES", "How much of each frame (default: all)");
  line.value("--count", wanted.count, "FRAMES", "End after so many");
  line.arguments("FILTER", wanted.filter, "Which frames, as pcap-filter(7) has it: tcp port 80");
  if (const auto ended = line.parse()) return *ended;
  return conclude(terminal, capture(line, wanted, terminal), {wanted.vswitch.value_or(""), {}});
}

}  // namespace hpvmnet::cli
