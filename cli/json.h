#pragma once

#include <string>

#include <google/protobuf/message.h>

namespace hpvmnet::cli {

/// A message as protobuf's JSON mapping has it, indented, with names as in the contract and fields
/// that have their default value, too. Ends with '\n'.
std::string json_text(const google::protobuf::Message& message);

/// The same on one line, for streams.
std::string json_line(const google::protobuf::Message& message);

}  // namespace hpvmnet::cli
