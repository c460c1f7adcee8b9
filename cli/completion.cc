#include "cli/completion.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <system_error>

#include "cli/client.h"
#include "cli/command_line.h"
#include "cli/fields.h"
#include "cli/program.h"
#include "cli/subcommands/subcommands.h"

namespace hpvmnet::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPatience = "0.7";  // seconds, of a user who has pressed Tab

// The first words of a description: there is one line for it.
std::string brief(const std::string& description) {
  return description.substr(0, description.find_first_of(";:"));
}

class Completer {
 public:
  Completer(const Invocation& invocation, Terminal& terminal)
      : invocation_(invocation), terminal_(terminal) {
    // Shells take --option=value apart.
    for (const std::string& word : invocation.arguments) {
      if (word != "=") words_.push_back(word);
    }
    if (!invocation.arguments.empty() && invocation.arguments.back() == "=") words_.emplace_back();
    if (!words_.empty() && words_.front() == "--") words_.erase(words_.begin());
  }

  std::vector<Candidate> run() {
    if (words_.size() < 2) return {};
    program_ = fs::path(words_.front()).filename();
    current_ = words_.back();
    given_ = {words_.begin() + 1, words_.end() - 1};
    std::size_t verb_words = 0;
    if (program_ == "hpvmnet") {
      if (given_.empty() && !current_.starts_with('-')) return nouns();
      verb_words = take_subcommand();
    }
    describe(verb_words);
    walk(verb_words);
    return std::move(found_);
  }

 private:
  std::vector<Candidate> nouns() {
    std::set<std::string_view> seen;
    for (const Subcommand& each : subcommands()) {
      if (each.summary.empty() || !seen.insert(each.noun).second) continue;
      offer(std::string(each.noun), each.verb.empty() ? std::string(each.summary) : "");
    }
    return std::move(found_);
  }

  // How many of the given words name the subcommand. Offers its verbs where there is none yet.
  std::size_t take_subcommand() {
    if (given_.empty() || given_.front().starts_with('-')) return 0;
    if (given_.size() == 1) {
      for (const Subcommand& each : subcommands()) {
        if (each.noun == given_.front() && !each.verb.empty()) {
          offer(std::string(each.verb), std::string(each.summary));
        }
      }
    }
    const Subcommand* found = find_subcommand(given_);
    if (found == nullptr) return given_.size();
    return found->verb.empty() ? 1 : 2;
  }

  // Asks the command itself what it takes.
  void describe(std::size_t verb_words) {
    Invocation asked = invocation_;
    asked.program = program_;
    asked.arguments.assign(given_.begin(),
                           given_.begin() + static_cast<std::ptrdiff_t>(verb_words));
    if (verb_words > 0 && find_subcommand(asked.arguments) == nullptr) return;
    asked.parameters = &parameters_;
    run_program(asked, terminal_);
  }

  const Parameter* option(std::string_view name) const {
    for (const Parameter& parameter : parameters_) {
      if (std::ranges::find(parameter.names, name) != parameter.names.end()) return &parameter;
    }
    return nullptr;
  }

  void walk(std::size_t from) {
    const Parameter* open = nullptr;  // an option that waits for its value
    std::string open_name;
    for (std::size_t i = from; i < given_.size(); ++i) {
      const std::string& word = given_[i];
      if (open != nullptr) {
        values_[open_name] = word;
        open = nullptr;
        continue;
      }
      if (!word.starts_with('-') || word == "-") {
        arguments_.push_back(word);
        continue;
      }
      const std::string name = word.substr(0, word.find('='));
      const Parameter* known = option(name);
      if (known == nullptr) continue;
      used_.insert(known);
      if (word.size() > name.size()) {
        values_[name] = word.substr(name.size() + 1);
      } else if (!known->value.empty() && !known->optional_value) {
        open = known;
        open_name = name;
      }
    }
    if (open != nullptr) return offer_values(open->value, open_name);
    if (const std::size_t length = current_.find('=');
        current_.starts_with("--") && length != std::string::npos) {
      prefix_ = current_.substr(0, length + 1);
      const std::string name = current_.substr(0, length);
      if (const Parameter* known = option(name)) offer_values(known->value, name);
      return;
    }
    if (current_.starts_with('-')) return offer_options();
    offer_argument();
  }

  void offer_options() {
    for (const Parameter& parameter : parameters_) {
      if (used_.contains(&parameter) && !parameter.repeated) continue;
      for (const std::string& name : parameter.names) offer(name, brief(parameter.description));
    }
  }

  void offer_argument() {
    std::size_t number = 0;
    for (const Parameter& parameter : parameters_) {
      if (!parameter.names.empty()) continue;
      if (number++ == arguments_.size() || (parameter.repeated && number <= arguments_.size())) {
        return offer_values(parameter.value, {});
      }
    }
  }

  // By what --help says in the value's place; HP's letters say NAME and NUMBER of all things.
  void offer_values(const std::string& value, const std::string& option) {
    if (value == "VSWITCH" || option == "-S") return offer_vswitches(false);
    if (option == "-s") return offer_vswitches(true);
    if (value == "GUEST" || option == "-P") return offer_guests(false);
    if (value == "NUMBER" && option == "-p") return offer_guests(true);
    if (value == "INTERFACE") return offer_interfaces();
    if (value == "FILE") return found_.push_back({kFilesCandidate, ""});
    if (value == "SUBCOMMAND") return offer_subcommands();
    Fields choices({value, 1}, '|');
    while (choices.more()) {
      const std::string_view choice = choices.take().text;
      if (choice == "PORT") {
        offer_ports();
      } else if (std::ranges::none_of(choice, [](char c) { return c >= 'A' && c <= 'Z'; })) {
        offer(std::string(choice), "");
      }
    }
  }

  void offer_subcommands() {
    for (const Subcommand& each : subcommands()) {
      if (each.summary.empty()) continue;
      if (arguments_.empty()) {
        offer(std::string(each.noun), "");
      } else if (each.noun == arguments_.front() && arguments_.size() == 1) {
        offer(std::string(each.verb), std::string(each.summary));
      }
    }
  }

  void offer_vswitches(bool numbers) {
    auto client = this->client();
    if (!client) return;
    const auto all = client->look(&Client::Vswitches::ListVswitches, {});
    if (!all) return;
    for (const v1::Vswitch& each : all->vswitches()) {
      offer(numbers ? std::to_string(each.number()) : each.name(), numbers ? each.name() : "");
    }
  }

  void offer_guests(bool numbers) {
    auto client = this->client();
    if (!client) return;
    const auto all = client->look(&Client::Guests::ListGuests, {});
    if (!all) return;
    for (const v1::Guest& each : all->guests()) {
      offer(numbers ? std::to_string(each.number()) : each.name(), numbers ? each.name() : "");
    }
  }

  // Of the vswitch that the line names already.
  void offer_ports() {
    v1::GetVswitchRequest request;
    if (values_.contains("-S")) {
      request.mutable_vswitch()->set_name(values_["-S"]);
    } else if (!arguments_.empty()) {
      request.mutable_vswitch()->set_name(arguments_.front());
    } else {
      return;
    }
    auto client = this->client();
    if (!client) return;
    const auto vswitch = client->look(&Client::Vswitches::GetVswitch, request);
    if (!vswitch) return;
    for (const v1::Port& port : vswitch->ports()) {
      const bool reserved = port.reserved_by_size() > 0;
      offer(std::to_string(port.number()), reserved ? port.reserved_by(0) : "");
    }
  }

  void offer_interfaces() {
    std::error_code none;
    for (const auto& each : fs::directory_iterator("/sys/class/net", none)) {
      offer(each.path().filename(), "");
    }
    offer("none", "");
  }

  // As the command itself would reach it, but with less patience.
  std::optional<Client> client() {
    Invocation asked = invocation_;
    asked.arguments = {"--timeout", kPatience};
    for (const char* name : {"--target", "--tls-dir"}) {
      if (values_.contains(name))
        asked.arguments.insert(asked.arguments.end(), {name, values_[name]});
    }
    CommandLine line(asked, terminal_, {});
    if (line.parse()) return std::nullopt;
    auto client = line.connect(Access::look);
    if (!client) return std::nullopt;
    return *std::move(client);
  }

  void offer(const std::string& word, const std::string& description) {
    if (!word.empty() && (prefix_ + word).starts_with(current_)) {
      found_.push_back({prefix_ + word, description});
    }
  }

  const Invocation& invocation_;
  Terminal& terminal_;
  std::vector<std::string> words_;
  std::string program_;
  std::string current_;
  std::vector<std::string> given_;     // before the current one
  std::vector<Parameter> parameters_;  // of the command
  std::set<const Parameter*> used_;
  std::map<std::string, std::string> values_;  // of options, by name
  std::vector<std::string> arguments_;
  std::string prefix_;  // of the current word, which stays: "--vlan="
  std::vector<Candidate> found_;
};

}  // namespace

std::vector<Candidate> candidates(const Invocation& invocation, Terminal& terminal) {
  return Completer(invocation, terminal).run();
}

}  // namespace hpvmnet::cli
