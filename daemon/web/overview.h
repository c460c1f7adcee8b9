#pragma once

#include <cstdint>

#include "control/event_journal.h"
#include "control/survey.h"
#include "hpvmnet/v1/overview.pb.h"

namespace hpvmnet {

/// The survey as the web page draws it first, with this host's name and the time.
v1::Overview make_overview(const Survey& survey);

/// What the journal has after number `sequence`, the newest 200 of it. Control thread.
v1::EventOverview make_event_overview(const EventJournal& journal, std::uint64_t sequence);

}  // namespace hpvmnet
