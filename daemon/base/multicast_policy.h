#pragma once

#include <array>
#include <string_view>

namespace hpvmnet {

/// What becomes of frames for IP multicast groups.
enum class MulticastPolicy : unsigned char {
  flood,   ///< everybody gets them
  snoop,   ///< those who asked do, and everybody where nobody has asked
  strict,  ///< those who asked, nobody else
};

/// By policy; as the store keeps them.
inline constexpr std::array<std::string_view, 3> kMulticastPolicies{"flood", "snoop", "strict"};

}  // namespace hpvmnet
