#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace hpvmnet::cli {

/// A table of the subcommands: a heading, rows, columns as wide as their longest cell. No line is
/// longer than the screen is wide.
class Listing {
 public:
  enum class Align : unsigned char { left, right };
  enum class Colour : unsigned char { none, good, bad, waiting };
  struct Column {
    std::string heading;
    Align align = Align::left;
    bool can_be_cut = false;  ///< where the screen is too narrow: ends with '~' then
  };
  struct Cell {
    std::string text;
    Colour colour = Colour::none;
  };
  struct Layout {
    std::size_t width = 0;  ///< 0: without an end
    bool colours = false;
  };

  explicit Listing(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// One cell for each column.
  void add(std::vector<Cell> cells) { rows_.push_back(std::move(cells)); }

  /// Every line ends with '\n'.
  std::string text(const Layout& layout) const;

 private:
  std::vector<std::size_t> widths(std::size_t screen) const;
  std::string line(const std::vector<Cell>& cells, const std::vector<std::size_t>& widths,
                   const Layout& layout) const;

  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace hpvmnet::cli
