#include "cli/top/screen.h"

#include <algorithm>
#include <clocale>

#define NCURSES_NOMACROS  // functions
#include <curses.h>

namespace hpvmnet::cli {
namespace {

constexpr short kAlarmColour = 1;

chtype attributes_of(TopLine::Style style) {
  switch (style) {
    case TopLine::Style::plain:
      return A_NORMAL;
    case TopLine::Style::title:
      return A_BOLD;
    case TopLine::Style::heading:
      return A_REVERSE;
    case TopLine::Style::quiet:
      return A_DIM;
    case TopLine::Style::alarm:
      return A_BOLD | static_cast<chtype>(COLOR_PAIR(kAlarmColour));
  }
  return A_NORMAL;
}

}  // namespace

CursesScreen::CursesScreen() {
  std::setlocale(LC_ALL, "");
  ::initscr();
  ::cbreak();
  ::noecho();
  ::curs_set(0);
  ::keypad(stdscr, true);
  ::set_escdelay(50);
  if (::has_colors()) {
    ::start_color();
    ::use_default_colors();
    ::init_pair(kAlarmColour, COLOR_RED, -1);
  }
}

CursesScreen::~CursesScreen() { ::endwin(); }

std::size_t CursesScreen::width() const {
  return static_cast<std::size_t>(std::max(1, getmaxx(stdscr)));
}
std::size_t CursesScreen::height() const {
  return static_cast<std::size_t>(std::max(1, getmaxy(stdscr)));
}

void CursesScreen::draw(const std::vector<TopLine>& lines) {
  ::erase();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string text = lines[i].text;
    if (lines[i].style == TopLine::Style::heading) text.resize(width(), ' ');
    ::attrset(static_cast<int>(attributes_of(lines[i].style)));
    ::mvaddnstr(static_cast<int>(i), 0, text.c_str(), static_cast<int>(width()));
  }
  ::attrset(A_NORMAL);
  ::refresh();
}

int CursesScreen::key(int milliseconds) {
  ::timeout(milliseconds);
  switch (const int key = ::getch()) {
    case ERR:
    case KEY_RESIZE:
      return 0;
    case KEY_UP:
      return kKeyUp;
    case KEY_DOWN:
      return kKeyDown;
    case KEY_PPAGE:
      return kKeyPageUp;
    case KEY_NPAGE:
      return kKeyPageDown;
    case KEY_HOME:
      return kKeyHome;
    case KEY_BACKSPACE:
    case 127:
    case '\b':
      return kKeyErase;
    case KEY_ENTER:
    case '\n':
    case '\r':
      return kKeyEnter;
    case 27:
      return kKeyEscape;
    default:
      return key;
  }
}

}  // namespace hpvmnet::cli
