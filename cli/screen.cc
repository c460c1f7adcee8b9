#include "cli/screen.h"

#include <cstdlib>
#include <string_view>

#include <sys/ioctl.h>
#include <unistd.h>

namespace hpvmnet::cli {
namespace {

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : value;
}

}  // namespace

std::size_t Screen::width() const {
  winsize size{};
  if (!terminal || ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

Screen Screen::of_standard_output() {
  Screen screen;
  screen.terminal = ::isatty(STDOUT_FILENO) == 1;
  const std::string_view kind = environment("TERM");
  screen.colours =
      screen.terminal && environment("NO_COLOR").empty() && !kind.empty() && kind != "dumb";
  return screen;
}

}  // namespace hpvmnet::cli
