#pragma once

#include <string>
#include <vector>

#include "cli/invocation.h"
#include "cli/terminal.h"

namespace hpvmnet::cli {

/// What could stand where the user is typing.
struct Candidate {
  std::string word;
  std::string description;  ///< may be empty
};

/// The word that asks the shell to complete names of files.
inline constexpr const char* kFilesCandidate = ":files";

/// `invocation.arguments`: the words of a command line, the program's name first, up to the one
/// that is being typed, which may be empty. Names of vswitches, ports and guests come from the
/// daemon, if it answers at once.
std::vector<Candidate> candidates(const Invocation& invocation, Terminal& terminal);

}  // namespace hpvmnet::cli
