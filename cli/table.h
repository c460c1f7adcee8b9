#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace hpvmnet::cli {

/// A table as HP prints it: headings, a line of '=' under each column, rows. A column is as wide as
/// HP's, or as its longest cell; nothing is cut off. Lines have no blanks at their end.
class Table {
 public:
  enum class Align : unsigned char { left, right };
  struct Column {
    std::string heading;                ///< lines separated by '\n'
    std::size_t width = 0;              ///< at least
    Align align = Align::left;          ///< of the cells
    Align heading_align = Align::left;  ///< HP's headings are all left
  };

  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// One cell for each column.
  void add(std::vector<std::string> cells);

  /// Every line ends with '\n'.
  std::string text() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

/// Labels with their values, one a line.
using Labelled = std::vector<std::pair<std::string, std::string>>;

/// "Label         : value", colons below each other.
std::string aligned_text(const Labelled& lines);
/// "Label :value"
std::string plain_text(const Labelled& lines);

}  // namespace hpvmnet::cli
