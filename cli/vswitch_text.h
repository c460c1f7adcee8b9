#pragma once

#include <span>
#include <string>

#include <google/protobuf/repeated_ptr_field.h>

#include "hpvmnet/v1/vswitch.pb.h"

namespace hpvmnet::cli {

// What the daemon tells of vswitches, as hpvmnet prints it. Every line ends with '\n'.

using VswitchList = google::protobuf::RepeatedPtrField<v1::Vswitch>;
using PortList = google::protobuf::RepeatedPtrField<v1::Port>;

/// A row for each vswitch.
std::string summary_text(std::span<const v1::Vswitch* const> vswitches);

/// [Port Configuration Details]: a row for each port.
std::string port_configuration_text(const PortList& ports);

/// Everything about a vswitch but its ports, a line for each thing.
std::string vswitch_details_text(const v1::Vswitch& vswitch);

/// [Multicast Groups]: a row for each group that somebody has asked for.
std::string multicast_groups_text(const v1::Vswitch& vswitch);

/// Everything about a port but its counters, a line for each thing.
std::string port_details_text(const v1::Vswitch& vswitch, const v1::Port& port);

/// [Port Statistics] and [Dropped Frames]: what the ports have counted. `bursts`: with how
/// many frames came at a time on average, too.
std::string counters_text(const PortList& ports, bool bursts);

}  // namespace hpvmnet::cli
