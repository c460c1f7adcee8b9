#include "cli/command_line.h"

#include <algorithm>
#include <charconv>
#include <ostream>
#include <system_error>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/report.h"
#include "cli/values.h"

namespace hpvmnet::cli {
namespace {

constexpr std::chrono::milliseconds kDefaultTimeout = std::chrono::seconds(5);
constexpr double kLongestTimeoutSeconds = 3600;
constexpr std::string_view kDefaultTarget = "$HPVMNET_TARGET, or unix:/run/hpvmnet/control.sock";

/// CLI11's help, with a usage line of our own.
class HelpFormatter : public CLI::Formatter {
 public:
  explicit HelpFormatter(std::string usage) : usage_(std::move(usage)) { column_width(26); }
  std::string make_usage(const CLI::App*, std::string) const override {
    return "\nUsage:\n" + usage_;
  }

 private:
  std::string usage_;
};

}  // namespace

CommandLine::CommandLine(const Invocation& invocation, Terminal& terminal, const HelpTexts& texts)
    : invocation_(invocation),
      terminal_(terminal),
      app_(std::make_unique<CLI::App>(texts.summary, invocation.program)) {
  app_->formatter(std::make_shared<HelpFormatter>(texts.usage));
  app_->footer("Examples:\n" + texts.examples +
               "\nExit status: 0 success, 1 refused or failed, 2 wrong usage.");
  app_->set_help_flag("--help", "Print this help")->group("Common options");
  app_->set_version_flag("--version", fmt::format("{} {}", invocation.program, HPVMNET_VERSION),
                         "Print the version, and do nothing else")
      ->group("Common options");
  app_->add_flag("-v", version_first_, "Print the versions first")->group("Common options");
  app_->add_option("--target", target_,
                   fmt::format("The daemon: unix:PATH or HOST:PORT (default: {})", kDefaultTarget))
      ->type_name("TARGET")
      ->group("Common options");
  app_->add_option("--timeout", timeout_, "How long it may take to answer (default: 5)")
      ->type_name("SECONDS")
      ->group("Common options");
}

CommandLine::~CommandLine() = default;

void CommandLine::flag(const std::string& names, bool& given, const std::string& description) {
  app_->add_flag(names, given, description);
}

void CommandLine::value(const std::string& names, std::optional<std::string>& value,
                        const std::string& placeholder, const std::string& description) {
  app_->add_option(names, value, description)->type_name(placeholder);
}

void CommandLine::values(const std::string& names, std::vector<std::string>& values,
                         const std::string& placeholder, const std::string& description) {
  app_->add_option(names, values, description)
      ->type_name(placeholder)
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

std::optional<int> CommandLine::parse() {
  try {
    app_->parse(std::vector(invocation_.arguments.rbegin(), invocation_.arguments.rend()));
  } catch (const CLI::CallForHelp&) {
    terminal_.out() << app_->help();
    return kSuccess;
  } catch (const CLI::CallForVersion& version) {
    terminal_.out() << version.what() << '\n';
    return kSuccess;
  } catch (const CLI::ParseError& error) {
    return report(terminal_, with_help_hint(invocation_, {Error::Kind::usage, error.what()}));
  }
  if (version_first_) {
    terminal_.out() << invocation_.program << ": Version " << HPVMNET_VERSION << '\n';
  }
  return std::nullopt;
}

Result<Client> CommandLine::connect(Access access) const {
  auto target = this->target(access);
  if (!target) return tl::unexpected(target.error());
  const auto timeout = this->timeout();
  if (!timeout) return tl::unexpected(timeout.error());
  Client client(*std::move(target), *timeout);
  if (version_first_) {
    if (auto status = print_daemon_version(client); !status) return tl::unexpected(status.error());
  }
  return client;
}

Result<Target> CommandLine::target(Access access) const {
  if (target_) return Target::parse(*target_, "--target");
  if (invocation_.target) return Target::parse(*invocation_.target, "$HPVMNET_TARGET");
  return Target::local(invocation_.run_directory, access);
}

Result<std::chrono::milliseconds> CommandLine::timeout() const {
  if (!timeout_) return kDefaultTimeout;
  double seconds = 0;
  const char* const end = timeout_->data() + timeout_->size();
  const auto [stopped, error] = std::from_chars(timeout_->data(), end, seconds);
  if (error != std::errc{} || stopped != end ||
      !(seconds > 0 && seconds <= kLongestTimeoutSeconds)) {
    return wrong_usage(fmt::format("--timeout {} is no time in seconds, up to {}", shown(*timeout_),
                                   kLongestTimeoutSeconds));
  }
  return std::chrono::ceil<std::chrono::milliseconds>(std::chrono::duration<double>(seconds));
}

Status CommandLine::print_daemon_version(Client& client) const {
  const auto version = client.look(&Client::Daemon::GetVersion, {});
  if (!version) return tl::unexpected(version.error());
  terminal_.out() << "hpvmnetd: Version " << version->version() << '\n';
  return {};
}

Error with_help_hint(const Invocation& invocation, Error error) {
  error.text += fmt::format("; '{} --help' lists the options", invocation.program);
  return error;
}

}  // namespace hpvmnet::cli
