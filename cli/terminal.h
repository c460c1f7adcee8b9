#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

namespace hpvmnet::cli {

/// The three streams of a command, and the voice in which it speaks to its user. Knows nothing of
/// cursors and colours. The streams outlive it.
class Terminal {
 public:
  /// `typed`: input is typed by a person, who sees it; otherwise answers are shown with the
  /// questions, so that a script's output can be read.
  Terminal(std::string program, std::istream& in, std::ostream& out, std::ostream& err, bool typed)
      : program_(std::move(program)), in_(in), out_(out), err_(err), typed_(typed) {}

  /// What the user asked for goes here.
  std::ostream& out() { return out_; }

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
};

}  // namespace hpvmnet::cli
