#include "cli/terminal.h"

#include <istream>
#include <ostream>

namespace hpvmnet::cli {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

}  // namespace

void Terminal::say(std::string_view sentence) {
  out_.flush();  // so that both streams keep their order where they are the same file
  err_ << program_ << ": " << sentence << '\n' << std::flush;
}

bool Terminal::confirm(std::string_view question) {
  out_.flush();
  err_ << program_ << ": " << question << " [n]: " << std::flush;
  std::string line;
  const bool ended = !std::getline(in_, line);
  const std::string_view answer = trimmed(line);
  if (ended || !typed_) err_ << answer << '\n' << std::flush;
  return answer == "y" || answer == "Y" || answer == "yes" || answer == "Yes" || answer == "YES";
}

}  // namespace hpvmnet::cli
