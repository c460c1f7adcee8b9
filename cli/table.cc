#include "cli/table.h"

#include <algorithm>
#include <cassert>
#include <sstream>

#include <fmt/format.h>

namespace hpvmnet::cli {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string padded(const std::string& cell, std::size_t width, Table::Align align) {
  return align == Table::Align::right ? fmt::format("{:>{}}", cell, width)
                                      : fmt::format("{:<{}}", cell, width);
}

void finish_line(std::string& text) {
  text.erase(text.find_last_not_of(' ') + 1);
  text += '\n';
}

}  // namespace

void Table::add(std::vector<std::string> cells) {
  assert(cells.size() == columns_.size());
  for (std::size_t i = 0; i < cells.size(); ++i) {
    columns_[i].width = std::max(columns_[i].width, cells[i].size());
  }
  rows_.push_back(std::move(cells));
}

std::string Table::text() const {
  std::vector<std::vector<std::string>> headings;
  std::size_t height = 0;
  for (const Column& column : columns_) {
    headings.push_back(lines_of(column.heading));
    height = std::max(height, headings.back().size());
  }
  std::string text;
  const auto add_line = [&](auto cell) {
    std::string line;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (i > 0) line += ' ';
      line += cell(i);
    }
    finish_line(line);
    text += line;
  };
  for (std::size_t row = 0; row < height; ++row) {
    add_line([&](std::size_t i) {
      const auto& lines = headings[i];
      return padded(row < lines.size() ? lines[row] : "", columns_[i].width,
                    columns_[i].heading_align);
    });
  }
  add_line([&](std::size_t i) { return std::string(columns_[i].width, '='); });
  for (const auto& row : rows_) {
    add_line([&](std::size_t i) { return padded(row[i], columns_[i].width, columns_[i].align); });
  }
  return text;
}

std::string aligned_text(const Labelled& lines) {
  std::size_t width = 0;
  for (const auto& [label, value] : lines) width = std::max(width, label.size());
  std::string text;
  for (const auto& [label, value] : lines) {
    std::string line = fmt::format("{:<{}} : {}", label, width, value);
    finish_line(line);
    text += line;
  }
  return text;
}

std::string plain_text(const Labelled& lines) {
  std::string text;
  for (const auto& [label, value] : lines) text += fmt::format("{} :{}\n", label, value);
  return text;
}

}  // namespace hpvmnet::cli
