#pragma once

#include "cli/records.h"
#include "cli/vswitch_text.h"
#include "hpvmnet/v1/vswitch.pb.h"

namespace hpvmnet::cli {

// What the daemon tells of vswitches, for programs. cli/README.md lists the fields.

/// With the ports that are in the message.
Record vswitch_record(const v1::Vswitch& vswitch);

/// A vswitch's name and these of its ports.
Record ports_record(const v1::Vswitch& vswitch, const PortList& ports);

/// A vswitch's name and what these of its ports have counted.
Record counters_record(const v1::Vswitch& vswitch, const PortList& ports);

}  // namespace hpvmnet::cli
