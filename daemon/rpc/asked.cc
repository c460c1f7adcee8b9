#include "rpc/asked.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <google/protobuf/text_format.h>

namespace hpvmnet {
namespace {

constexpr std::size_t kLargestShown = 4096;

// gRPC's names of what is in a certificate.
constexpr std::pair<const char*, const char*> kProperties[] = {
    {"x509_common_name", "CN="}, {"peer_dns", "DNS:"}, {"peer_uri", "URI:"},
    {"peer_email", "EMAIL:"},    {"peer_ip", "IP:"},   {"x509_subject", "SUBJECT:"}};

// "CreateVswitchRequest" is what CreateVswitch() takes.
std::string method_of(const google::protobuf::Message& request) {
  constexpr std::string_view kSuffix = "Request";
  std::string name = request.GetDescriptor()->name();
  if (name.ends_with(kSuffix)) name.resize(name.size() - kSuffix.size());
  return name;
}

// A client may send much, and much that is none of the contract.
std::string text_of(const google::protobuf::Message& request) {
  const std::size_t size = request.ByteSizeLong();
  if (size > kLargestShown) return fmt::format("({} bytes)", size);
  google::protobuf::TextFormat::Printer printer;
  printer.SetSingleLineMode(true);
  printer.SetHideUnknownFields(true);
  std::string text;
  printer.PrintToString(request, &text);
  if (text.ends_with(' ')) text.pop_back();
  return text;
}

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  while (!text.empty()) {
    unsigned char byte = 0;
    const bool escape =
        text.size() >= 3 && text.front() == '%' &&
        std::from_chars(text.data() + 1, text.data() + 3, byte, 16).ptr == text.data() + 3;
    decoded += escape ? static_cast<char>(byte) : text.front();
    text.remove_prefix(escape ? 3 : 1);
  }
  return decoded;
}

}  // namespace

Asked asked(const grpc::ServerContext& context, const google::protobuf::Message& request) {
  const auto client = context.auth_context();
  return {context.deadline(), peer_address(context.peer()),
          client ? certificate_names(*client) : std::vector<std::string>(), method_of(request),
          text_of(request)};
}

std::vector<std::string> certificate_names(const grpc::AuthContext& client) {
  std::vector<std::string> names;
  for (const auto& [property, prefix] : kProperties) {
    for (const grpc::string_ref& value : client.FindPropertyValues(property)) {
      names.push_back(prefix + std::string(value.data(), value.size()));
    }
  }
  return names;
}

std::string peer_address(const std::string& peer) {
  for (const std::string_view scheme : {"ipv4:", "ipv6:"}) {
    if (peer.starts_with(scheme)) return percent_decoded(peer.substr(scheme.size()));
  }
  return {};
}

}  // namespace hpvmnet
