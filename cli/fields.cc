#include "cli/fields.h"

#include <string>

#include <fmt/format.h>

#include "cli/values.h"

namespace hpvmnet::cli {

Field Fields::take() {
  if (!more_) return rest_;
  const std::size_t length = rest_.text.find(separator_);
  more_ = length != std::string_view::npos;
  const Field field{rest_.text.substr(0, length), rest_.column};
  if (more_) {
    rest_ = {rest_.text.substr(length + 1), rest_.column + length + 1};
  } else {
    rest_ = {{}, rest_.column + rest_.text.size()};
  }
  return field;
}

tl::unexpected<Error> wrong_at(std::string_view whole, std::size_t column,
                               std::string_view reason) {
  const std::string quoted = shown(whole);
  const std::string_view plain = std::string_view(quoted).substr(1, quoted.size() - 2);
  return wrong_usage(fmt::format("{}: column {}: {}", plain, column, reason));
}

}  // namespace hpvmnet::cli
