#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cli/top/rates.h"

namespace hpvmnet::cli {

/// What the user has chosen to see.
struct TopView {
  enum class Order : unsigned char { place, in, out, drops, guest };

  Order order = Order::place;
  bool all = false;      ///< ports without a peer, too
  std::string filter;    ///< only rows of which vswitch or guest contains it
  bool editing = false;  ///< the filter is being typed
  bool paused = false;
  bool help = false;
  std::size_t first = 0;  ///< row at the top
  bool quit = false;
};

/// Keys that are no characters.
inline constexpr int kKeyUp = -1, kKeyDown = -2, kKeyPageUp = -3, kKeyPageDown = -4, kKeyHome = -5,
                     kKeyErase = -6, kKeyEnter = -7, kKeyEscape = -8;

/// What a key changes. `page`: rows that fit. Pure.
void press(TopView& view, int key, std::size_t page);

/// A line of the screen.
struct TopLine {
  enum class Style : unsigned char { plain, title, heading, quiet, alarm };
  std::string text;
  Style style = Style::plain;
  bool operator==(const TopLine&) const = default;
};

/// The whole screen, at most `height` lines of at most `width` columns. `problem`: why there is
/// nothing newer, or empty. Pure; moves `view.first` so that rows are there.
std::vector<TopLine> top_screen(const Rates& rates, const std::string& problem, TopView& view,
                                std::size_t width, std::size_t height);

/// The same without a screen: header and all rows as text, for --batch.
std::string top_batch(const Rates& rates, const TopView& view);

/// 1234567 as "1.23M": four or five characters.
std::string short_number(double value);

}  // namespace hpvmnet::cli
