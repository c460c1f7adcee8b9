#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/top/top_text.h"

namespace hpvmnet::cli {

/// The terminal as a screen, from its making to its end, by ncurses. One at a time.
class CursesScreen {
 public:
  CursesScreen();  ///< ends the process with a message where the terminal can do nothing
  ~CursesScreen();
  CursesScreen(const CursesScreen&) = delete;
  CursesScreen& operator=(const CursesScreen&) = delete;

  std::size_t width() const;
  std::size_t height() const;
  void draw(const std::vector<TopLine>& lines);
  /// The next key as press() takes it; 0: none within `milliseconds`, or the size has changed.
  int key(int milliseconds);
};

}  // namespace hpvmnet::cli
