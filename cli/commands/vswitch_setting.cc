#include "cli/commands/vswitch_setting.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "cli/fields.h"
#include "cli/filter_list.h"
#include "cli/multicast_policy.h"
#include "cli/values.h"

namespace hpvmnet::cli {
namespace {

Result<VswitchSetting> read_multicast(const Field& value, std::string_view whole) {
  Fields fields(value, ':');
  const Field word = fields.take();
  if (fields.more()) {
    return wrong_at(whole, fields.take().column,
                    fmt::format("nothing may follow {}", shown(word.text)));
  }
  if (const auto policy = parse_multicast_policy(word.text)) return *policy;
  return wrong_at(
      whole, word.column,
      fmt::format("{} is no way to treat multicast; flood, snoop or strict", shown(word.text)));
}

Result<VswitchSetting> read_filters(const Field& value, std::string_view whole) {
  return parse_filter_list(value, whole).map([](std::vector<v1::Filter> filters) {
    return VswitchSetting(std::move(filters));
  });
}

struct Keyword {
  std::string_view word;
  Result<VswitchSetting> (*read)(const Field& value, std::string_view whole);
};
constexpr std::array kKeywords{Keyword{"multicast", read_multicast},
                               Keyword{"filters", read_filters}};

auto find_keyword(std::string_view text) {
  return std::ranges::find(kKeywords, text.substr(0, text.find(':')), &Keyword::word);
}

// One overload a kind of setting.
struct Send {
  Client& client;
  const v1::VswitchReference& which;

  Status operator()(v1::Vswitch::Multicast policy) const {
    v1::SetVswitchMulticastRequest request;
    request.set_multicast(policy);
    return send(&Client::Vswitches::SetVswitchMulticast, request);
  }
  Status operator()(const std::vector<v1::Filter>& filters) const {
    v1::SetVswitchFiltersRequest request;
    request.mutable_filters()->Assign(filters.begin(), filters.end());
    return send(&Client::Vswitches::SetVswitchFilters, request);
  }

 private:
  template <class Method, class Request>
  Status send(Method method, Request& request) const {
    *request.mutable_vswitch() = which;
    return client.change(method, request).map([](const auto&) {});
  }
};

}  // namespace

bool is_vswitch_setting(std::string_view text) { return find_keyword(text) != kKeywords.end(); }

Result<VswitchSetting> parse_vswitch_setting(const std::string& text) {
  const auto keyword = find_keyword(text);
  const std::size_t begin = std::min(keyword->word.size() + 1, text.size());
  return keyword->read({std::string_view(text).substr(begin), begin + 1}, text);
}

Status set_vswitch(Client& client, const v1::VswitchReference& which,
                   const VswitchSetting& setting) {
  return std::visit(Send{client, which}, setting);
}

}  // namespace hpvmnet::cli
