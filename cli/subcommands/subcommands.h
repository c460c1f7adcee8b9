#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cli/invocation.h"
#include "cli/terminal.h"

namespace hpvmnet::cli {

/// What hpvmnet does where its first argument is no option: `hpvmnet switch list`, `hpvmnet top`.
struct Subcommand {
  std::string_view noun;
  std::string_view verb;     ///< empty where the noun says it all
  std::string_view summary;  ///< empty: no user types it, so no help lists it
  int (*run)(const Invocation& invocation, Terminal& terminal);
};

/// All of them; those of a noun are together.
std::span<const Subcommand> subcommands();

/// The one that the first arguments name; null if there is none.
const Subcommand* find_subcommand(std::span<const std::string> arguments);

/// Whether hpvmnet was called with a word as its first argument.
bool names_subcommand(const Invocation& invocation);

/// A line for each subcommand with what it does, grouped by noun; of one noun only, where that is
/// not empty.
std::string subcommands_text(std::string_view noun = {});

/// Runs the one that the first arguments name, as a program called "hpvmnet switch list". Returns
/// the exit status.
int run_subcommand(const Invocation& invocation, Terminal& terminal);

// Each in a file of its own, or with its like:
int apply(const Invocation& invocation, Terminal& terminal);
int capture(const Invocation& invocation, Terminal& terminal);
int complete(const Invocation& invocation, Terminal& terminal);
int drops(const Invocation& invocation, Terminal& terminal);
int events(const Invocation& invocation, Terminal& terminal);
int export_configuration(const Invocation& invocation, Terminal& terminal);
int guest_create(const Invocation& invocation, Terminal& terminal);
int guest_delete(const Invocation& invocation, Terminal& terminal);
int guest_list(const Invocation& invocation, Terminal& terminal);
int guest_modify(const Invocation& invocation, Terminal& terminal);
int guest_show(const Invocation& invocation, Terminal& terminal);
int help(const Invocation& invocation, Terminal& terminal);
int mac_list(const Invocation& invocation, Terminal& terminal);
int mirror_clear(const Invocation& invocation, Terminal& terminal);
int mirror_set(const Invocation& invocation, Terminal& terminal);
int mirror_show(const Invocation& invocation, Terminal& terminal);
int plugin_list(const Invocation& invocation, Terminal& terminal);
int port_counters(const Invocation& invocation, Terminal& terminal);
int port_list(const Invocation& invocation, Terminal& terminal);
int port_set(const Invocation& invocation, Terminal& terminal);
int port_show(const Invocation& invocation, Terminal& terminal);
int switch_boot(const Invocation& invocation, Terminal& terminal);
int switch_create(const Invocation& invocation, Terminal& terminal);
int switch_delete(const Invocation& invocation, Terminal& terminal);
int switch_halt(const Invocation& invocation, Terminal& terminal);
int switch_list(const Invocation& invocation, Terminal& terminal);
int switch_reset(const Invocation& invocation, Terminal& terminal);
int switch_set(const Invocation& invocation, Terminal& terminal);
int switch_show(const Invocation& invocation, Terminal& terminal);
int top(const Invocation& invocation, Terminal& terminal);
int trace(const Invocation& invocation, Terminal& terminal);

}  // namespace hpvmnet::cli
