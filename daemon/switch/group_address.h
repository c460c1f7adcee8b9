#pragma once

#include "switch/mac_table.h"

namespace hpvmnet {

/// The group to which the switch sends probes that look for loops: locally administered, so that
/// nobody else's.
inline constexpr std::uint64_t kProbeGroup = 0x03'48'50'56'4d'01;
/// Of probes: the type for local experiments (IEEE 802, clause 9.2.3).
inline constexpr std::uint16_t kProbeType = 0x88b5;

/// The part of a group's frames that do not simply go to everybody.
enum class GroupFrame : unsigned char {
  ordinary,
  reserved,  ///< between neighbours, such as STP, LACP and LLDP: no bridge forwards it
  probe,     ///< for the switch itself
};

/// `to` has a group address.
inline GroupFrame kind_of_group(const MacTable::Key& to) noexcept {
  // IEEE 802.1Q, table 8-1: 01-80-C2-00-00-00 to 0F.
  constexpr std::uint64_t kReserved = 0x01'80'c2'00'00'00;
  const std::uint64_t address = to.address();
  if ((address & ~std::uint64_t{0xf}) == kReserved) return GroupFrame::reserved;
  return address == kProbeGroup ? GroupFrame::probe : GroupFrame::ordinary;
}

/// Whether an address belongs to multicast of IPv4 (RFC 1112, clause 6.4) or IPv6 (RFC 2464, clause
/// 7).
inline bool is_ip_group(std::uint64_t address) noexcept {
  return address >> 23 == 0x01'00'5e'00'00'00 >> 23 || address >> 32 == 0x33'33;
}

/// Of an address that is_ip_group(): whether it may be one that all hosts get without a word
/// (224.0.0.x), or by which neighbours find each other (ff02::1 and its like, ff02::1:ff00:0 and
/// all behind it). Such frames go to everybody.
inline bool is_for_all_hosts(std::uint64_t address) noexcept {
  return address >> 8 == 0x01'00'5e'00'00 || address >> 8 == 0x33'33'00'00'00 ||
         address >> 24 == 0x33'33'ff;
}

}  // namespace hpvmnet
