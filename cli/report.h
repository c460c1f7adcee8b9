#pragma once

#include <string_view>

#include "cli/result.h"
#include "cli/terminal.h"

namespace hpvmnet::cli {

inline constexpr int kSuccess = 0;

/// What a failure was about, for the words around its text. Either may be empty.
struct Subject {
  std::string_view object;   ///< "ivm1"; shown as "ERROR (ivm1): ..."
  std::string_view attempt;  ///< "modify the guest"; a second line says "Unable to ..."
};

/// Tells the user of a failure, in one or two lines. Returns the exit status.
int report(Terminal& terminal, const Error& error, const Subject& subject = {});

/// Reports a failure, if there was one. Returns the exit status.
int conclude(Terminal& terminal, const Status& outcome, const Subject& subject = {});

/// Tells that the user has said no. Returns the exit status.
int report_declined(Terminal& terminal);

/// Something that the user should know, though the command goes on.
void warn(Terminal& terminal, std::string_view object, std::string_view text);

}  // namespace hpvmnet::cli
