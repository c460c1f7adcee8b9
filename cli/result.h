#pragma once

#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace hpvmnet::cli {

/// Why a command ends without success: a sentence for the user that names the object and the way
/// out, without a full stop.
struct Error {
  enum class Kind : unsigned char {
    failed,  ///< refused or failed; exit status 1
    usage,   ///< can never work as written; exit status 2
  };
  Kind kind = Kind::failed;
  std::string text;
};

template <class T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

inline tl::unexpected<Error> failed(std::string text) {
  return tl::unexpected(Error{Error::Kind::failed, std::move(text)});
}
inline tl::unexpected<Error> wrong_usage(std::string text) {
  return tl::unexpected(Error{Error::Kind::usage, std::move(text)});
}

}  // namespace hpvmnet::cli
