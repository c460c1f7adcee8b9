#include "cli/command_line.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <ostream>
#include <sstream>
#include <system_error>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/report.h"
#include "cli/values.h"

namespace hpvmnet::cli {
namespace {

constexpr double kLongestTimeoutSeconds = 3600;

constexpr std::size_t kHelpColumn = 24;  // where descriptions begin
constexpr std::size_t kHelpWidth = 80;

std::string wrapped(const std::string& text, std::size_t width) {
  std::string result;
  std::size_t length = 0;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const bool fits = length + 1 + word.size() <= width;
    if (length > 0) result += fits ? ' ' : '\n';
    length = length > 0 && fits ? length + 1 + word.size() : word.size();
    result += word;
  }
  return result;
}

/// CLI11's help with a usage of our own, and lines that fit a terminal.
class HelpFormatter : public CLI::Formatter {
 public:
  explicit HelpFormatter(std::string usage) : usage_(std::move(usage)) {
    column_width(kHelpColumn);
  }
  std::string make_description(const CLI::App* app) const override {
    return wrapped(app->get_description(), kHelpWidth) + "\n\n";
  }
  std::string make_usage(const CLI::App*, std::string) const override {
    return "Usage:\n" + usage_ + '\n';
  }
  std::string make_group(std::string group, bool is_positional,
                         std::vector<const CLI::Option*> options) const override {
    return CLI::Formatter::make_group(std::move(group), is_positional, std::move(options))
        .substr(1);  // begins with an empty line, and make_groups() adds another
  }
  std::string make_option_desc(const CLI::Option* option) const override {
    return wrapped(option->get_description(), kHelpWidth - kHelpColumn);
  }

 private:
  std::string usage_;
};

}  // namespace

CommandLine::CommandLine(const Invocation& invocation, Terminal& terminal, const HelpTexts& texts,
                         std::chrono::seconds patience)
    : invocation_(invocation),
      terminal_(terminal),
      patience_(patience),
      app_(std::make_unique<CLI::App>(texts.summary, invocation.program)) {
  app_->formatter(std::make_shared<HelpFormatter>(texts.usage));
  app_->footer("Examples:\n" + texts.examples +
               "\nExit status: 0 success, 1 refused or failed, 2 wrong usage.");
  app_->set_help_flag();  // -h is for the commands
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

void CommandLine::optional_value(const std::string& names, std::optional<std::string>& value,
                                 const std::string& placeholder, const std::string& otherwise,
                                 const std::string& description) {
  values_left_out_.emplace_back(names, otherwise);
  app_->add_option(names, value, description)->type_name('[' + placeholder + ']');
}

void CommandLine::argument(const std::string& name, std::string& value,
                           const std::string& description) {
  app_->add_option(name, value, description)->type_name("")->required();
}

void CommandLine::argument(const std::string& name, std::optional<std::string>& value,
                           const std::string& description) {
  app_->add_option(name, value, description)->type_name("");
}

void CommandLine::arguments(const std::string& name, std::vector<std::string>& values,
                            const std::string& description) {
  app_->add_option(name, values, description)->type_name("");
}

void CommandLine::add_common_options() {
  const std::string group = "Common options";
  app_->add_option("--target", target_,
                   "The daemon: unix:PATH or HOST:PORT (default: $HPVMNET_TARGET, or "
                   "unix:/run/hpvmnet/control.sock)")
      ->type_name("TARGET")
      ->group(group);
  app_->add_option("--tls-dir", tls_directory_,
                   "ca.crt, client.crt and client.key for HOST:PORT (default: $HPVMNET_TLS_DIR, "
                   "~/.config/hpvmnet/tls, or /etc/hpvmnet/tls)")
      ->type_name("DIR")
      ->group(group);
  app_->add_option("--timeout", timeout_,
                   fmt::format("How long an answer may take (default: {})", patience_.count()))
      ->type_name("SECONDS")
      ->group(group);
  app_->add_flag("-v", version_first_, "Print the versions of client and daemon first")
      ->group(group);
  app_->set_version_flag("--version", fmt::format("{} {}", invocation_.program, HPVMNET_VERSION),
                         "Print the version and do nothing else")
      ->group(group);
  app_->set_help_flag("--help", "Print this help")->group(group);
}

// With the values that were left out.
std::vector<std::string> CommandLine::completed_arguments() const {
  std::vector<std::string> all;
  const auto& given = invocation_.arguments;
  for (auto each = given.begin(); each != given.end(); ++each) {
    all.push_back(*each);
    for (const auto& [name, otherwise] : values_left_out_) {
      if (*each != name) continue;
      const auto next = std::next(each);
      const bool number = next != given.end() && !next->empty() &&
                          next->find_first_not_of("0123456789.") == std::string::npos;
      if (!number) all.push_back(otherwise);
    }
  }
  return all;
}

void CommandLine::describe(std::vector<Parameter>& parameters) const {
  for (const CLI::Option* option : app_->get_options()) {
    Parameter parameter;
    for (const std::string& name : option->get_snames()) parameter.names.push_back('-' + name);
    for (const std::string& name : option->get_lnames()) parameter.names.push_back("--" + name);
    parameter.description = option->get_description();
    parameter.repeated = option->get_items_expected_max() > 1 ||
                         option->get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
    if (option->get_positional()) {
      parameter.value = option->get_name(true);
    } else if (option->get_items_expected_max() > 0) {
      parameter.value = option->get_type_name();
      parameter.optional_value = parameter.value.starts_with('[');
      if (parameter.optional_value) {
        parameter.value = parameter.value.substr(1, parameter.value.size() - 2);
      }
    }
    parameters.push_back(std::move(parameter));
  }
}

std::optional<int> CommandLine::parse() {
  add_common_options();
  if (invocation_.parameters != nullptr) {
    describe(*invocation_.parameters);
    return kSuccess;
  }
  try {
    const auto arguments = completed_arguments();
    app_->parse(std::vector(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::CallForHelp&) {
    terminal_.out() << app_->help();
    return kSuccess;
  } catch (const CLI::CallForVersion& version) {
    terminal_.out() << version.what() << '\n';
    return kSuccess;
  } catch (const CLI::ParseError& error) {
    return report(terminal_,
                  {Error::Kind::usage, fmt::format("{}; '{} --help' lists the options",
                                                   explain(error), invocation_.program)});
  }
  if (version_first_) {
    terminal_.out() << invocation_.program << ": Version " << HPVMNET_VERSION << '\n';
  }
  return std::nullopt;
}

std::string CommandLine::explain(const CLI::ParseError& error) const {
  if (const auto unknown = app_->remaining(); !unknown.empty()) {
    const std::string& first = unknown.front();
    return fmt::format("there is no {} {}", first.starts_with('-') ? "option" : "argument",
                       shown(first));
  }
  for (const CLI::Option* option : app_->get_options()) {
    const bool flag = option->get_items_expected_max() == 0;
    if (!flag && static_cast<int>(option->count()) > option->get_items_expected_max()) {
      return fmt::format("{} is given more than once", option->get_name());
    }
  }
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
    return fmt::format("{} needs a value", shown(invocation_.arguments.back()));
  }
  return error.what();
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
  const auto complete = [this](Target target) { return remote(std::move(target)); };
  if (target_) return Target::parse(*target_, "--target").and_then(complete);
  if (invocation_.target) {
    return Target::parse(*invocation_.target, "$HPVMNET_TARGET").and_then(complete);
  }
  return Target::local(invocation_.run_directory, access);
}

// Adds what a daemon on another host is reached with.
Result<Target> CommandLine::remote(Target target) const {
  if (target.is_local()) return target;
  const auto& named = tls_directory_ ? tls_directory_ : invocation_.tls_directory;
  auto files = load_tls_files(named, invocation_.usual_tls_directories);
  if (!files) return tl::unexpected(files.error());
  target.set_tls(*std::move(files));
  return target;
}

Result<std::chrono::milliseconds> CommandLine::timeout() const {
  if (!timeout_) return patience_;
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

}  // namespace hpvmnet::cli
