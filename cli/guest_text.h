#pragma once

#include <string>

#include <google/protobuf/repeated_ptr_field.h>

#include "cli/vswitch_text.h"
#include "hpvmnet/v1/guest.pb.h"

namespace hpvmnet::cli {

// What the daemon tells of guests, as hpvmstatus prints it. Every line ends with '\n'. What only a
// hypervisor knows, such as the number of processors, is N/A.

using GuestList = google::protobuf::RepeatedPtrField<v1::Guest>;

/// [Virtual Machines]: a row for each guest, or a sentence where there are none.
std::string summary_text(const GuestList& guests);

/// [Virtual Machine Details] and [Network Interface Details].
std::string details_text(const v1::Guest& guest);

/// The same, a line for each thing.
std::string verbose_text(const v1::Guest& guest);

/// [Virtual Machine Devices]: resource strings that make such a guest again.
std::string devices_text(const v1::Guest& guest);

/// Resource strings of one and the same guest that are there before a change only (-) and after it
/// only (+), a line each.
std::string difference_text(const v1::Guest& before, const v1::Guest& after);

/// [Virtual Machine Reservations]: what each guest has reserved; of processors and memory the
/// hypervisor knows.
std::string reservations_text(const GuestList& guests);

/// [Reserved Ports] of a guest. `vswitches`: those that it is on, with their ports.
std::string reserved_ports_text(const v1::Guest& guest, const VswitchList& vswitches);

}  // namespace hpvmnet::cli
