#include "cli/yaml/document.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/values.h"

namespace hpvmnet::cli {
namespace {

// How many letters have to be changed, added or left out to get from one word to the other.
std::size_t distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < to.size(); ++j) {
      const std::size_t changed = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, diagonal + 1, row[j] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string suggestion(std::string_view written, std::span<const std::string> known) {
  constexpr std::size_t kLongest = 64;  // longer words are no slips
  const std::size_t close = written.size() < 4 ? 1 : 2;
  if (written.size() > kLongest) return {};
  const auto nearest = std::ranges::min_element(
      known, {}, [&](const std::string& word) { return distance(written, word); });
  if (nearest == known.end() || distance(written, *nearest) > close) return {};
  return fmt::format("; did you mean {}?", shown(*nearest));
}

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
