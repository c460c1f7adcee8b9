#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hpvmnet {

/// 802.1Q VLAN id, 0 to 4094.
using VlanId = std::uint16_t;
inline constexpr VlanId kLastVlanId = 4094;
/// In a frame's tag: no VLAN, only a priority (IEEE 802.1Q, table 9-2).
inline constexpr VlanId kPriorityTag = 0;

/// A set of VLANs, 1 to 4094. A plain value.
class VlanSet {
 public:
  struct Range {
    VlanId first;
    VlanId last;
    bool operator==(const Range&) const = default;
  };

  static VlanSet all();

  /// Reads "10,20-29" or "all". Nothing where it is no such list, or holds other numbers.
  static std::optional<VlanSet> parse(std::string_view text);
  /// As parse() reads it, sorted and with the fewest ranges; empty for the empty set.
  std::string text() const;
  std::vector<Range> ranges() const;

  /// Nothing happens where the range is not one of VLANs, 1 to 4094.
  void add(Range range);
  bool contains(std::uint16_t vlan) const noexcept {
    return vlan < members_.size() && members_[vlan];
  }
  bool any() const noexcept { return members_.any(); }
  bool operator==(const VlanSet&) const = default;

 private:
  std::bitset<kLastVlanId + 1> members_;
};

}  // namespace hpvmnet
