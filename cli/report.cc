#include "cli/report.h"

#include <string>

#include <fmt/format.h>

#include "cli/values.h"

namespace hpvmnet::cli {
namespace {

constexpr int kFailed = 1;
constexpr int kWrongUsage = 2;

std::string sentence(std::string_view severity, std::string_view object, std::string_view text) {
  const bool ended =
      !text.empty() && std::string_view(".?!").find(text.back()) != std::string_view::npos;
  return fmt::format("{}{}: {}{}", severity,
                     object.empty() ? "" : fmt::format(" ({})", plain(object)), text,
                     ended ? "" : ".");
}

}  // namespace

int report(Terminal& terminal, const Error& error, const Subject& subject) {
  terminal.say(sentence("ERROR", subject.object, error.text));
  if (!subject.attempt.empty()) terminal.say(fmt::format("Unable to {}.", subject.attempt));
  return error.kind == Error::Kind::usage ? kWrongUsage : kFailed;
}

int conclude(Terminal& terminal, const Status& outcome, const Subject& subject) {
  return outcome ? kSuccess : report(terminal, outcome.error(), subject);
}

int report_declined(Terminal& terminal) {
  terminal.say("Nothing was changed.");
  return kFailed;
}

void warn(Terminal& terminal, std::string_view object, std::string_view text) {
  terminal.say(sentence("WARNING", object, text));
}

}  // namespace hpvmnet::cli
