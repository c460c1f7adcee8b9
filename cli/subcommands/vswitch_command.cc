#include "cli/subcommands/vswitch_command.h"

#include <ostream>

#include <fmt/format.h>

#include "cli/commands/vswitch_show.h"
#include "cli/json.h"
#include "cli/report.h"

namespace hpvmnet::cli {

VswitchCommand::VswitchCommand(const Invocation& invocation, Terminal& terminal,
                               const HelpTexts& texts, std::string_view attempt)
    : terminal_(terminal), line_(invocation, terminal, texts), attempt_(attempt) {
  line_.argument("VSWITCH", name_, "The vswitch");
}

void VswitchCommand::ask(std::string_view question) { question_ = question; }

int VswitchCommand::run(const Change& change, const std::function<Status()>& check) {
  if (question_.empty()) {
    line_.flag("--json", json_, "Show the vswitch afterwards, as JSON");
  } else {
    line_.flag("-y,--yes", yes_, "Ask no question");
  }
  if (const auto ended = line_.parse()) return *ended;
  if (check) {
    if (const Status status = check(); !status) return report(terminal_, status.error());
  }
  const auto status = carry_out(change);
  if (status) return *status;
  return report(terminal_, status.error(), {.object = name_, .attempt = attempt_});
}

// The daemon is asked first: there may be no such vswitch.
Result<bool> VswitchCommand::agreed(Client& client, const v1::VswitchReference& which) const {
  if (question_.empty() || yes_) return true;
  return get_vswitch(client, which).map([&](const v1::Vswitch& vswitch) {
    return terminal_.confirm(fmt::format("{} '{}'?", question_, vswitch.name()));
  });
}

Result<int> VswitchCommand::carry_out(const Change& change) {
  const auto which = vswitch_named(name_);
  if (!which) return tl::unexpected(which.error());
  auto client = line_.connect(Access::administer);
  if (!client) return tl::unexpected(client.error());
  const auto agreed = this->agreed(*client, *which);
  if (!agreed) return tl::unexpected(agreed.error());
  if (!*agreed) return report_declined(terminal_);
  if (auto status = change(*client, *which); !status) return tl::unexpected(status.error());
  if (!json_) return kSuccess;
  return get_vswitch(*client, *which).map([&](const v1::Vswitch& vswitch) {
    terminal_.out() << json_text(vswitch);
    return kSuccess;
  });
}

}  // namespace hpvmnet::cli
