#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>

#include "cli/screen.h"

namespace hpvmnet::cli {

/// The three streams of a command, and the voice in which it speaks to its user. The streams
/// outlive it.
class Terminal {
 public:
  /// `typed`: input is typed by a person, who sees it; otherwise answers are shown with the
  /// questions, so that a script's output can be read.
  Terminal(std::string program, std::istream& in, std::ostream& out, std::ostream& err, bool typed,
           Screen screen = {})
      : program_(std::move(program)),
        in_(in),
        out_(out),
        err_(err),
        typed_(typed),
        screen_(screen) {}

  /// What the user asked for goes here.
  std::ostream& out() { return out_; }

  /// For commands that take a file, of which "-" is standard input.
  std::istream& in() { return in_; }

  /// What out() is.
  const Screen& screen() const { return screen_; }

  /// "program: sentence" on standard error.
  void say(std::string_view sentence);

  /// Asks "program: question [n]: " on standard error. Whatever is not y or yes is a no, the end
  /// of input included.
  bool confirm(std::string_view question);

 private:
  std::string program_;
  std::istream& in_;
  std::ostream& out_;
  std::ostream& err_;
  bool typed_;
  Screen screen_;
};

}  // namespace hpvmnet::cli
