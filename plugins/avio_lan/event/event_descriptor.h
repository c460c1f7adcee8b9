#pragma once

#include <cstdint>

#include "base/fd.h"
#include "base/result.h"

namespace hpvmnet::avio_lan {

/// Refuses everything that is not an eventfd: kicks, calls and errors come as descriptors of a
/// hostile process, and waiting for or writing to anything else could do anything.
Status check_eventfd(const Fd& descriptor);

/// Makes writes to an eventfd that is shared with another process non-blocking. That process can
/// undo it at any moment, so a writer must be able to bear being blocked, or use an
/// EventSignaller.
void make_non_blocking(const Fd& event);

}  // namespace hpvmnet::avio_lan
