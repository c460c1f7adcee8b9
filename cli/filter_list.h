#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/fields.h"
#include "hpvmnet/v1/vswitch.pb.h"

namespace hpvmnet::cli {

/// Reads the filters of a vswitch: NAME or NAME(ARGUMENTS), separated by commas; or none. Between
/// the parentheses anything may stand, parentheses in pairs. `whole` is for errors, which give the
/// column.
Result<std::vector<v1::Filter>> parse_filter_list(const Field& list, std::string_view whole);

// As parse_filter_list() reads them:
std::string filter_text(const v1::Filter& filter);
std::string filter_list_text(const v1::Vswitch& vswitch);

}  // namespace hpvmnet::cli
