#pragma once

#include <string>

#include <google/protobuf/repeated_ptr_field.h>

#include "cli/result.h"
#include "hpvmnet/v1/vswitch.pb.h"

namespace hpvmnet::cli {

using FilterProgram = google::protobuf::RepeatedPtrField<v1::BpfInstruction>;

/// Compiles a filter of libpcap's language (pcap-filter(7)) for Ethernet frames. Empty: no program.
Result<FilterProgram> compile_filter(const std::string& text);

}  // namespace hpvmnet::cli
