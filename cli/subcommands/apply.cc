#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <istream>
#include <optional>
#include <ostream>
#include <string>
#include <system_error>

#include <fmt/format.h>

#include "cli/command_line.h"
#include "cli/commands/backing.h"
#include "cli/json.h"
#include "cli/report.h"
#include "cli/subcommands/subcommands.h"
#include "cli/values.h"
#include "cli/yaml/import.h"

namespace hpvmnet::cli {
namespace {

// Thousands of ports take a while to open.
constexpr std::chrono::seconds kPatience(60);

constexpr std::size_t kLargestFile = 4 << 20;  // more than a message of the contract can hold
constexpr const char* kStandardInput = "-";

const HelpTexts& help() {
  static const HelpTexts texts{
      "Makes vswitches, ports and guests as a file describes them: all of it, or nothing. What "
      "the file does not name is removed. hpvmnet.yaml(5) explains the file; 'hpvmnet export' "
      "writes one.",
      "  hpvmnet apply -f {FILE|-} [OPTION]...\n",
      "  hpvmnet apply -f net.yaml --dry-run\n"
      "  hpvmnet apply -f net.yaml\n"
      "  hpvmnet export | ssh other hpvmnet apply -f -\n"};
  return texts;
}

struct Options {
  std::optional<std::string> file;
  bool dry_run = false;
  bool keep_others = false;
  bool force = false;
  bool json = false;
};

Result<std::string> read_all(std::istream& in, const std::string& name) {
  std::string text(kLargestFile + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (in.bad()) return failed(fmt::format("cannot read {}", shown(name)));
  if (text.size() <= kLargestFile) return text;
  return failed(fmt::format("{} is larger than {} MiB, which no configuration is", shown(name),
                            kLargestFile >> 20));
}

Result<std::string> read_file(const Options& options, Terminal& terminal) {
  if (*options.file == kStandardInput) return read_all(terminal.in(), "standard input");
  std::ifstream in(*options.file, std::ios::binary);
  // Opening a folder works, reading it does not.
  if (!in || (in.peek(), in.bad())) {
    return failed(fmt::format("cannot read the file {}: {}", shown(*options.file),
                              std::generic_category().message(errno)));
  }
  in.clear();
  return read_all(in, *options.file);
}

// Interfaces that back a vswitch already do so without locking the user out.
Status check_own_connection(Client& client, const v1::Configuration& wanted) {
  const auto now = client.look(&Client::Configurations::GetConfiguration, {});
  if (!now) return tl::unexpected(now.error());
  for (const auto& vswitch : wanted.vswitches()) {
    const std::string& interface = vswitch.backing().interface();
    const bool used = std::ranges::any_of(now->vswitches(), [&](const auto& other) {
      return other.backing().interface() == interface;
    });
    if (used) continue;
    if (auto status = check_not_own_connection(interface); !status) return status;
  }
  return {};
}

Result<v1::ApplyConfigurationRequest> to_request(const Options& options, Terminal& terminal) {
  if (!options.file) return wrong_usage("which file? Give it with -f FILE; - is standard input");
  const auto text = read_file(options, terminal);
  if (!text) return tl::unexpected(text.error());
  const std::string name = *options.file == kStandardInput ? "standard input" : *options.file;
  auto configuration = import_yaml(*text, name, !options.keep_others);
  if (!configuration) return tl::unexpected(configuration.error());
  v1::ApplyConfigurationRequest request;
  *request.mutable_configuration() = *std::move(configuration);
  request.set_dry_run(options.dry_run);
  request.set_force(options.force);
  request.set_keep_others(options.keep_others);
  return request;
}

std::string text_of(const v1::ApplyConfigurationResponse& response, bool dry_run) {
  if (!response.changed()) return "Nothing to change.\n";
  std::string text;
  for (const std::string& change : response.changes()) text += change + '\n';
  const int count = response.changes_size();
  return text + fmt::format("{} change{} {}.\n", count, count == 1 ? "" : "s",
                            dry_run ? "to make" : "made");
}

Status carry_out(const CommandLine& line, const Options& options, Terminal& terminal) {
  const auto request = to_request(options, terminal);
  if (!request) return tl::unexpected(request.error());
  auto client = line.connect(options.dry_run ? Access::look : Access::administer);
  if (!client) return tl::unexpected(client.error());
  if (!options.force) {
    auto status = check_own_connection(*client, request->configuration());
    if (!status) return status;
  }
  const auto method = &Client::Configurations::ApplyConfiguration;
  const auto response =
      options.dry_run ? client->look(method, *request) : client->change(method, *request);
  if (!response) return tl::unexpected(response.error());
  terminal.out() << (options.json ? json_text(*response) : text_of(*response, options.dry_run));
  if (!response->objection().empty()) {
    warn(terminal, {}, fmt::format("this would be refused: {}", response->objection()));
  }
  return {};
}

}  // namespace

int apply(const Invocation& invocation, Terminal& terminal) {
  Options options;
  CommandLine line(invocation, terminal, help(), kPatience);
  line.value("-f,--file", options.file, "FILE", "The file; -: standard input");
  line.flag("--dry-run", options.dry_run, "Only show what would change");
  line.flag("--keep-others", options.keep_others,
            "Keep vswitches and guests that the file does not name");
  line.flag("--force", options.force,
            "Even where running guests lose connections by it, and with interfaces that are not "
            "there or carry your own connection");
  line.flag("--json", options.json, "Show the changes as JSON");
  if (const auto ended = line.parse()) return *ended;
  return conclude(terminal, carry_out(line, options, terminal),
                  {.object = {}, .attempt = "apply the configuration"});
}

}  // namespace hpvmnet::cli
