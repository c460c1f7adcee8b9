#include "cli/json.h"

#include <google/protobuf/util/json_util.h>

namespace hpvmnet::cli {
namespace {

std::string to_json(const google::protobuf::Message& message, bool whitespace) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = whitespace;
  options.always_print_primitive_fields = true;
  options.preserve_proto_field_names = true;
  std::string text;
  // Fails for malformed Any and Timestamp only, and for text that is no UTF-8, which never gets
  // through gRPC.
  static_cast<void>(google::protobuf::util::MessageToJsonString(message, &text, options));
  return text;
}

}  // namespace

std::string json_text(const google::protobuf::Message& message) { return to_json(message, true); }

std::string json_line(const google::protobuf::Message& message) {
  return to_json(message, false) + '\n';
}

}  // namespace hpvmnet::cli
