#pragma once

#include <span>
#include <string_view>

#include "cli/invocation.h"
#include "cli/terminal.h"

namespace hpvmnet::cli {

/// What hpvmnet does where its first argument is no option: `hpvmnet switch list`, `hpvmnet top`.
struct Subcommand {
  std::string_view noun;
  std::string_view verb;  ///< empty where the noun says it all
  std::string_view summary;
  int (*run)(const Invocation& invocation, Terminal& terminal);
};

/// All of them; those of a noun are together.
std::span<const Subcommand> subcommands();

/// Whether hpvmnet was called with a word as its first argument.
bool names_subcommand(const Invocation& invocation);

/// Runs the one that the first arguments name, as a program called "hpvmnet switch list". Returns
/// the exit status.
int run_subcommand(const Invocation& invocation, Terminal& terminal);

// Each in a file of its own:
int plugin_list(const Invocation& invocation, Terminal& terminal);
int events(const Invocation& invocation, Terminal& terminal);
int switch_list(const Invocation& invocation, Terminal& terminal);
int top(const Invocation& invocation, Terminal& terminal);

}  // namespace hpvmnet::cli
