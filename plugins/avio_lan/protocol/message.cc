#include "avio_lan/protocol/message.h"

#include <algorithm>

#include <fmt/format.h>

namespace hpvmnet::avio_lan {
namespace {

struct Rule {
  Request request;
  std::string_view name;
  std::size_t least_size;
  std::size_t largest_size;
  std::size_t least_descriptors;
  std::size_t most_descriptors;
};

constexpr std::array kRules{
#define HPVMNET_VHOST_USER_RULE(id, number, ...) Rule{Request::id, __VA_ARGS__},
    HPVMNET_VHOST_USER_REQUESTS(HPVMNET_VHOST_USER_RULE)
#undef HPVMNET_VHOST_USER_RULE
};
static_assert(std::ranges::all_of(kRules, [](const Rule& rule) {
  return rule.largest_size <= kMaxPayload && rule.most_descriptors <= kMaxDescriptors;
}));

const Rule* find_rule(std::uint32_t number) {
  const auto found = std::ranges::find(kRules, Request{number}, &Rule::request);
  return found == kRules.end() ? nullptr : found;
}

tl::unexpected<Error> violation(std::string text) {
  return fail(ErrorCode::invalid_argument, std::move(text));
}

}  // namespace

std::string_view name_of(Request request) {
  const Rule* rule = find_rule(static_cast<std::uint32_t>(request));
  return rule == nullptr ? "unknown message" : rule->name;
}

Status check_header(const MessageHeader& header) {
  const std::uint32_t version = header.flags & MessageHeader::kVersionMask;
  if (version != MessageHeader::kVersion) {
    return violation(fmt::format("it sent a message of protocol version {}, not {}", version,
                                 MessageHeader::kVersion));
  }
  if ((header.flags & MessageHeader::kReply) != 0) {
    return violation("it sent a reply to a question that was not asked");
  }
  const Rule* rule = find_rule(header.request);
  if (rule == nullptr) {
    return violation(fmt::format("it sent message {}, which was not offered", header.request));
  }
  if (header.size < rule->least_size || header.size > rule->largest_size) {
    return violation(fmt::format("it sent {} with a payload of {} bytes", rule->name, header.size));
  }
  return {};
}

Status check_descriptor_count(Request request, std::size_t count) {
  const Rule* rule = find_rule(static_cast<std::uint32_t>(request));
  if (rule != nullptr && count >= rule->least_descriptors && count <= rule->most_descriptors) {
    return {};
  }
  return violation(fmt::format("it sent {} with {} file descriptors", name_of(request), count));
}

}  // namespace hpvmnet::avio_lan
