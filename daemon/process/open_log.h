#pragma once

#include <memory>

#include "base/log.h"

namespace hpvmnet {

/// The daemon's log: systemd's journal where standard error leads there, else standard error.
std::unique_ptr<Log> open_log(LogLevel least);

/// Whether the descriptor is what `$JOURNAL_STREAM` says is connected to the journal.
bool leads_to_journal(int descriptor);

}  // namespace hpvmnet
