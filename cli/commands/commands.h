#pragma once

#include "cli/invocation.h"
#include "cli/terminal.h"

namespace hpvmnet::cli {

// The commands. Each reads its arguments, does its work through the daemon, and returns the exit
// status: 0 success, 1 refused or failed, 2 wrong usage.

int hpvmclone(const Invocation& invocation, Terminal& terminal);
int hpvmcreate(const Invocation& invocation, Terminal& terminal);
int hpvmmodify(const Invocation& invocation, Terminal& terminal);
int hpvmnet(const Invocation& invocation, Terminal& terminal);
int hpvmremove(const Invocation& invocation, Terminal& terminal);
int hpvmstatus(const Invocation& invocation, Terminal& terminal);

}  // namespace hpvmnet::cli
