#include "base/vlan_set.h"

#include <charconv>

namespace hpvmnet {
namespace {

constexpr VlanSet::Range kAll{1, kLastVlanId};
constexpr std::string_view kAllText = "all";

std::optional<VlanId> parse_id(std::string_view text) {
  VlanId id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (id < kAll.first || id > kAll.last) return std::nullopt;
  return id;
}

std::optional<VlanSet::Range> parse_range(std::string_view text) {
  const std::size_t dash = text.find('-');
  const auto first = parse_id(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : parse_id(text.substr(dash + 1));
  if (!first || !last || *first > *last) return std::nullopt;
  return VlanSet::Range{*first, *last};
}

}  // namespace

VlanSet VlanSet::all() {
  VlanSet set;
  set.add(kAll);
  return set;
}

std::optional<VlanSet> VlanSet::parse(std::string_view text) {
  if (text == kAllText) return all();
  VlanSet set;
  for (;;) {
    const std::size_t comma = text.find(',');
    const auto range = parse_range(text.substr(0, comma));
    if (!range) return std::nullopt;
    set.add(*range);
    if (comma == std::string_view::npos) return set;
    text.remove_prefix(comma + 1);
  }
}

std::string VlanSet::text() const {
  std::string text;
  for (const Range& range : ranges()) {
    if (range == kAll) return std::string(kAllText);
    if (!text.empty()) text += ',';
    text += std::to_string(range.first);
    if (range.last != range.first) text += '-' + std::to_string(range.last);
  }
  return text;
}

std::vector<VlanSet::Range> VlanSet::ranges() const {
  std::vector<Range> ranges;
  for (VlanId id = kAll.first; id <= kAll.last; ++id) {
    if (!members_[id]) continue;
    if (!ranges.empty() && ranges.back().last + 1 == id) {
      ranges.back().last = id;
    } else {
      ranges.push_back({id, id});
    }
  }
  return ranges;
}

void VlanSet::add(Range range) {
  if (range.first < kAll.first || range.last > kAll.last) return;
  for (VlanId id = range.first; id <= range.last; ++id) members_.set(id);
}

}  // namespace hpvmnet
