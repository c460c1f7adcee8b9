#pragma once

#include <exception>
#include <string_view>

#include <fmt/format.h>

#include "base/result.h"

namespace hpvmnet {

/// Calls into a plugin that is being loaded. What it throws, although nothing may be thrown out of
/// a plugin, becomes an error; it is looked at while the module is still there.
template <class Call>
Status guarded(std::string_view what, Call call) try {
  call();
  return {};
} catch (const std::exception& exception) {
  return fail(ErrorCode::failed_precondition,
              fmt::format("its {}() threw an exception: {}", what, exception.what()));
} catch (...) {
  return fail(ErrorCode::failed_precondition, fmt::format("its {}() threw an exception", what));
}

}  // namespace hpvmnet
