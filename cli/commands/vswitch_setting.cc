#include "cli/commands/vswitch_setting.h"

#include <fmt/format.h>

#include "cli/fields.h"
#include "cli/multicast_policy.h"
#include "cli/values.h"

namespace hpvmnet::cli {
namespace {

constexpr std::string_view kMulticast = "multicast";

}  // namespace

bool is_vswitch_setting(std::string_view text) {
  return text.substr(0, text.find(':')) == kMulticast;
}

Result<v1::Vswitch::Multicast> parse_vswitch_setting(const std::string& text) {
  Fields fields({text, 1}, ':');
  fields.take();
  const Field word = fields.take();
  if (fields.more()) {
    return wrong_at(text, fields.take().column,
                    fmt::format("nothing may follow {}", shown(word.text)));
  }
  if (const auto policy = parse_multicast_policy(word.text)) return *policy;
  return wrong_at(
      text, word.column,
      fmt::format("{} is no way to treat multicast; flood, snoop or strict", shown(word.text)));
}

Status set_multicast(Client& client, const v1::VswitchReference& which,
                     v1::Vswitch::Multicast policy) {
  v1::SetVswitchMulticastRequest request;
  *request.mutable_vswitch() = which;
  request.set_multicast(policy);
  return client.change(&Client::Vswitches::SetVswitchMulticast, request).map([](const auto&) {});
}

}  // namespace hpvmnet::cli
