#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace hpvmnet {

/// What kind of refusal an error is. The rpc layer maps each to one gRPC status code.
enum class ErrorCode {
  invalid_argument,     ///< the request can never succeed as written
  not_found,            ///< it names something that does not exist
  already_exists,       ///< it makes something that exists
  failed_precondition,  ///< it could succeed after something else has changed
  permission_denied,    ///< the caller may look, not change
  resource_exhausted,   ///< a limit of the switch or of the system is reached
  unavailable,          ///< the daemon is stopping; try again later
  internal,             ///< the system refused what should have worked
};

/// A refusal as its user reads it: `text` names the object, what is wrong with it and the way out,
/// as one sentence without a trailing full stop.
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string text;
  bool operator==(const Error&) const = default;
};

/// A value or the reason why there is none (std::expected of C++23).
template <class T>
using Result = tl::expected<T, Error>;

/// Success or the reason for failure.
using Status = Result<void>;

inline tl::unexpected<Error> fail(ErrorCode code, std::string text) {
  return tl::unexpected<Error>(Error{code, std::move(text)});
}

/// An error of the system: `what` went wrong, followed by the text of errno value `number`.
tl::unexpected<Error> system_failure(std::string_view what, int number);

}  // namespace hpvmnet
