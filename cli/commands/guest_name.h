#pragma once

#include <optional>
#include <string>

#include "cli/client.h"
#include "cli/command_line.h"
#include "cli/result.h"

namespace hpvmnet::cli {

/// The options that say which guest is meant: -P NAME or -p NUMBER.
class GuestName {
 public:
  void add_to(CommandLine& line);

  bool given() const { return name_ || number_; }

  /// What the user wrote, for messages.
  std::string text() const { return name_.value_or(number_.value_or("")); }

  /// Judges what can be judged without the daemon. Both options or none are wrong.
  Status check() const;

  /// The guest's name; asks the daemon for it where a number was given.
  Result<std::string> resolve(Client& client) const;

 private:
  std::optional<std::string> name_;
  std::optional<std::string> number_;
};

}  // namespace hpvmnet::cli
