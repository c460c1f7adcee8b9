#pragma once

#include <string>
#include <string_view>

namespace hpvmnet {

/// Text as it stands in XML, in an element or between quotes of either kind.
std::string xml_escaped(std::string_view text);

}  // namespace hpvmnet
