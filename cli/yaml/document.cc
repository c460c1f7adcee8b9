#include "cli/yaml/document.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/suggestion.h"
#include "cli/values.h"

namespace hpvmnet::cli {

Result<Document> Document::parse(const std::string& text, std::string name) {
  std::vector<YAML::Node> documents;
  try {
    documents = YAML::LoadAll(text);
  } catch (const YAML::Exception& error) {
    const Document nowhere({}, std::move(name));
    return wrong_usage(
        fmt::format("{}: this is no YAML: {}", nowhere.place(error.mark), error.msg));
  }
  if (documents.empty() || documents.front().IsNull()) {
    return wrong_usage(
        fmt::format("{} is empty; write 'vswitches: {{}}' to have everything removed", name));
  }
  if (documents.size() > 1) {
    return wrong_usage(
        fmt::format("{} has {} documents; join them to one", name, documents.size()));
  }
  return Document(documents.front(), std::move(name));
}

std::string Document::place(const YAML::Mark& mark) const {
  if (mark.is_null()) return name_;
  return fmt::format("{}:{}:{}", name_, mark.line + 1, mark.column + 1);
}

tl::unexpected<Error> Document::wrong(const YAML::Node& at, std::string_view reason) const {
  return wrong_usage(fmt::format("{}: {}", place(at.Mark()), reason));
}

Status Document::for_each(const YAML::Node& mapping, std::string_view what,
                          const Visit& visit) const {
  if (mapping.IsNull()) return {};
  if (!mapping.IsMap()) {
    return wrong(mapping, fmt::format("{} is written as KEY: VALUE lines", what));
  }
  std::set<std::string> seen;
  for (const auto& entry : mapping) {
    if (!entry.first.IsScalar()) return wrong(entry.first, "a key is a single word");
    if (!seen.insert(entry.first.Scalar()).second) {
      return wrong(entry.first,
                   fmt::format("{} is there twice; join the two", shown(entry.first.Scalar())));
    }
    if (auto status = visit(entry.first, entry.second); !status) return status;
  }
  return {};
}

Status Document::read(const YAML::Node& mapping, std::string_view what,
                      std::span<const Reader> readers) const {
  return for_each(mapping, what, [&](const YAML::Node& key, const YAML::Node& value) -> Status {
    const auto found = std::ranges::find(readers, key.Scalar(), &Reader::key);
    if (found != readers.end()) return found->read(value);
    std::vector<std::string> keys;
    for (const Reader& reader : readers) keys.emplace_back(reader.key);
    std::string hint = suggestion(key.Scalar(), keys);
    if (hint.empty()) hint = fmt::format("; it has {}", fmt::join(keys, ", "));
    return wrong(key, fmt::format("{} has no {}{}", what, shown(key.Scalar()), hint));
  });
}

Result<std::string> Document::text(const YAML::Node& value, std::string_view what) const {
  if (!value.IsScalar()) {
    return wrong(value, fmt::format("{} is a single value, not {}", what,
                                    value.IsNull()       ? "nothing"
                                    : value.IsSequence() ? "a list"
                                                         : "a mapping"));
  }
  const auto printable = [](char c) { return c >= ' ' && c <= '~'; };
  if (std::ranges::all_of(value.Scalar(), printable)) return value.Scalar();
  return wrong(value, fmt::format("{} cannot be {}", shown(value.Scalar()), what));
}

Result<std::uint32_t> Document::number(const YAML::Node& value, std::string_view what,
                                       std::uint32_t first, std::uint32_t last) const {
  return text(value, what).and_then([&](const std::string& text) -> Result<std::uint32_t> {
    const auto number = parse_number(text);
    if (number && *number >= first && *number <= last) return *number;
    return wrong(value, fmt::format("{} is not {}; {} to {}", shown(text), what, first, last));
  });
}

Result<bool> Document::yes_or_no(const YAML::Node& value, std::string_view what) const {
  return text(value, what).and_then([&](const std::string& text) -> Result<bool> {
    for (const std::string_view yes : {"true", "yes", "on"}) {
      if (text == yes) return true;
    }
    for (const std::string_view no : {"false", "no", "off"}) {
      if (text == no) return false;
    }
    return wrong(value, fmt::format("{} is true or false, not {}", what, shown(text)));
  });
}

}  // namespace hpvmnet::cli
