#pragma once

#include "cli/guest_text.h"
#include "cli/records.h"

namespace hpvmnet::cli {

/// What the daemon tells of guests, for programs: in XML in the shape that inventory tools know
/// from HP's hpvmstatus -X, an element "pman" with the guests, as far as hpvmnet has something to
/// say.
Record guests_record(const GuestList& guests);

}  // namespace hpvmnet::cli
