#include "cli/filter_list.h"

#include <algorithm>

#include <fmt/format.h>

namespace hpvmnet::cli {
namespace {

constexpr const char* kNone = "none";

// Behind the parenthesis that closes the first one; npos where none does.
std::size_t end_of_arguments(std::string_view text) {
  int open = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '(') ++open;
    if (text[at] == ')' && --open == 0) return at + 1;
  }
  return std::string_view::npos;
}

// Takes a text apart from its front.
class Reader {
 public:
  Reader(const Field& list, std::string_view whole) : rest_(list), whole_(whole) {}

  Result<v1::Filter> take() {
    v1::Filter filter;
    const std::size_t end = std::min(rest_.text.find_first_of(",()"), rest_.text.size());
    if (end == 0) return wrong("expected the name of a filter; 'hpvmnet plugin list' has them");
    filter.set_name(std::string(skip(end)));
    if (rest_.text.empty() || rest_.text.front() == ',') return filter;
    const std::size_t close = end_of_arguments(rest_.text);
    if (close == std::string_view::npos) return wrong("this parenthesis has no other half");
    const std::string_view arguments = skip(close);
    filter.set_arguments(std::string(arguments.substr(1, arguments.size() - 2)));
    if (rest_.text.empty() || rest_.text.front() == ',') return filter;
    return wrong("expected a comma and the next filter, or the end");
  }

  // Over the comma before the next one.
  bool more() {
    if (rest_.text.empty()) return false;
    skip(1);
    return true;
  }

 private:
  std::string_view skip(std::size_t count) {
    const std::string_view skipped = rest_.text.substr(0, count);
    rest_.text.remove_prefix(count);
    rest_.column += count;
    return skipped;
  }
  tl::unexpected<Error> wrong(std::string_view reason) const {
    return wrong_at(whole_, rest_.column, reason);
  }

  Field rest_;
  std::string_view whole_;
};

}  // namespace

Result<std::vector<v1::Filter>> parse_filter_list(const Field& list, std::string_view whole) {
  std::vector<v1::Filter> filters;
  if (list.text == kNone) return filters;
  Reader reader(list, whole);
  do {
    auto filter = reader.take();
    if (!filter) return tl::unexpected(filter.error());
    filters.push_back(*std::move(filter));
  } while (reader.more());
  return filters;
}

std::string filter_text(const v1::Filter& filter) {
  if (filter.arguments().empty()) return filter.name();
  return fmt::format("{}({})", filter.name(), filter.arguments());
}

std::string filter_list_text(const v1::Vswitch& vswitch) {
  if (vswitch.filters().empty()) return kNone;
  std::string text;
  for (const v1::Filter& filter : vswitch.filters()) {
    text += (text.empty() ? "" : ",") + filter_text(filter);
  }
  return text;
}

}  // namespace hpvmnet::cli
