#include "cli/suggestion.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include <fmt/format.h>

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

}  // namespace hpvmnet::cli
