#pragma once

#include "cli/invocation.h"
#include "cli/terminal.h"

namespace hpvmnet::cli {

/// Runs the command whose name the program was called by. Returns the exit status.
int run_program(const Invocation& invocation, Terminal& terminal);

}  // namespace hpvmnet::cli
