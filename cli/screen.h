#pragma once

#include <cstddef>

namespace hpvmnet::cli {

/// What standard output is. A file or a pipe has neither colours nor a width.
struct Screen {
  bool terminal = false;  ///< a person reads along
  bool colours = false;   ///< it shows them, and they are wanted: $NO_COLOR, $TERM

  /// Columns of the terminal at present; 0: without an end.
  std::size_t width() const;

  /// As standard output and the environment have it.
  static Screen of_standard_output();
};

}  // namespace hpvmnet::cli
