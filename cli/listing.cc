#include "cli/listing.h"

#include <algorithm>
#include <numeric>
#include <string_view>

#include <fmt/format.h>

namespace hpvmnet::cli {
namespace {

constexpr std::size_t kGap = 2;        // blanks between columns
constexpr std::size_t kNarrowest = 8;  // that a column is cut to
constexpr char kCut = '~';             // where a cell goes on unseen

std::string_view code(Listing::Colour colour) {
  switch (colour) {
    case Listing::Colour::good:
      return "\033[32m";
    case Listing::Colour::bad:
      return "\033[31m";
    case Listing::Colour::waiting:
      return "\033[33m";
    case Listing::Colour::none:
      break;
  }
  return {};
}

std::string painted(const std::string& text, Listing::Colour colour) {
  if (colour == Listing::Colour::none || text.empty()) return text;
  return fmt::format("{}{}\033[0m", code(colour), text);
}

std::string cut(const std::string& text, std::size_t width) {
  if (text.size() <= width) return text;
  return width == 0 ? "" : text.substr(0, width - 1) + kCut;
}

}  // namespace

std::string Listing::text(const Layout& layout) const {
  const auto widths = this->widths(layout.width);
  std::vector<Cell> headings;
  for (const Column& column : columns_) headings.push_back({column.heading});
  std::string text = line(headings, widths, layout);
  for (const auto& row : rows_) text += line(row, widths, layout);
  return text;
}

// What is too much is taken from the columns that can be cut, the widest first.
std::vector<std::size_t> Listing::widths(std::size_t screen) const {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t width = columns_[i].heading.size();
    for (const auto& row : rows_) width = std::max(width, row[i].text.size());
    widths.push_back(width);
  }
  std::size_t total = std::accumulate(widths.begin(), widths.end(), kGap * (columns_.size() - 1));
  while (screen > 0 && total > screen) {
    std::size_t* widest = nullptr;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (!columns_[i].can_be_cut || widths[i] <= kNarrowest) continue;
      if (widest == nullptr || widths[i] > *widest) widest = &widths[i];
    }
    if (widest == nullptr) break;
    --*widest;
    --total;
  }
  return widths;
}

std::string Listing::line(const std::vector<Cell>& cells, const std::vector<std::size_t>& widths,
                          const Layout& layout) const {
  std::string line;
  std::size_t column = 0;  // on the screen, from 0
  std::size_t blanks = 0;  // due before the next text
  for (std::size_t i = 0; i < cells.size(); ++i) {
    std::string text = cut(cells[i].text, widths[i]);
    const std::size_t padding = widths[i] - text.size();
    if (columns_[i].align == Align::right) blanks += padding;
    if (!text.empty()) {
      if (layout.width > 0) {
        if (column + blanks >= layout.width) break;
        text = cut(text, layout.width - column - blanks);
      }
      line += std::string(blanks, ' ');
      column += blanks + text.size();
      blanks = 0;
      line += layout.colours ? painted(text, cells[i].colour) : text;
    }
    if (columns_[i].align == Align::left) blanks += padding;
    blanks += kGap;
  }
  return line + '\n';
}

}  // namespace hpvmnet::cli
