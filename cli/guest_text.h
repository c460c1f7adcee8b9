#pragma once

#include <string>

#include <google/protobuf/repeated_ptr_field.h>

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

}  // namespace hpvmnet::cli
