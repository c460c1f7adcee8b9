#pragma once

#include <cstddef>
#include <string_view>

#include "cli/result.h"

namespace hpvmnet::cli {

/// A piece of what the user wrote, and where it stands.
struct Field {
  std::string_view text;
  std::size_t column = 1;  ///< of its first character, from 1
};

/// Takes a text apart at a separator. "a::b" has three fields; "" has one.
class Fields {
 public:
  Fields(Field whole, char separator) : rest_(whole), separator_(separator) {}

  bool more() const { return more_; }

  /// The next field. After the last: an empty one, just behind the text.
  Field take();

  /// The next field, left in place.
  Field peek() const { return Fields(*this).take(); }

 private:
  Field rest_;
  char separator_;
  bool more_ = true;
};

/// "whole: column 9: reason"
tl::unexpected<Error> wrong_at(std::string_view whole, std::size_t column, std::string_view reason);

}  // namespace hpvmnet::cli
