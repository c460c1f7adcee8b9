#include "cli/multicast_policy.h"

#include <algorithm>
#include <array>

namespace hpvmnet::cli {
namespace {

struct Policy {
  std::string_view word;
  v1::Vswitch::Multicast policy;
};
constexpr std::array kPolicies{Policy{"flood", v1::Vswitch::MULTICAST_FLOOD},
                               Policy{"snoop", v1::Vswitch::MULTICAST_SNOOP},
                               Policy{"strict", v1::Vswitch::MULTICAST_STRICT}};

}  // namespace

std::optional<v1::Vswitch::Multicast> parse_multicast_policy(std::string_view word) {
  const auto found = std::ranges::find(kPolicies, word, &Policy::word);
  return found == kPolicies.end() ? std::nullopt : std::optional(found->policy);
}

std::string_view multicast_policy_text(v1::Vswitch::Multicast policy) {
  const auto found = std::ranges::find(kPolicies, policy, &Policy::policy);
  return found == kPolicies.end() ? "unknown" : found->word;
}

}  // namespace hpvmnet::cli
