#include "base/result.h"

#include <cerrno>
#include <system_error>

namespace hpvmnet {

tl::unexpected<Error> system_failure(std::string_view what, int number) {
  const ErrorCode code =
      number == EMFILE || number == ENFILE || number == ENOMEM || number == ENOSPC
          ? ErrorCode::resource_exhausted
          : ErrorCode::internal;
  return fail(code, std::string(what) + ": " + std::generic_category().message(number));
}

}  // namespace hpvmnet
