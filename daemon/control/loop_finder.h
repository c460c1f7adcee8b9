#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "base/domain.h"

namespace hpvmnet {

/// Finds loops through a vswitch: guests that bridge two of its ports, or cables outside. It is
/// suspicious when stations seem to move from port to port without end, and sends a probe then,
/// which nobody but the switch understands: where it comes back there is a loop. Pure; each period
/// one call of begin_period().
class LoopFinder {
 public:
  /// Moves in a period that are no longer those of guests that migrate.
  static constexpr std::uint64_t kSuspiciousMoves = 50;

  /// `nonce`: not known to guests, different for each period.
  /// Returns whether to probe; `moves` is MacTable::moves().
  bool begin_period(std::uint64_t moves, std::uint64_t nonce);

  /// A probe for a domain, to be sent once in this period: whole frames, with the tag of a VLAN.
  std::vector<std::byte> probe(Domain domain) const;

  /// A probe came in. True where it is one of this period's, and the first that came back in its
  /// domain: others came by ways that need not be there any longer when this one is closed.
  bool came_back(Domain domain, std::span<const std::byte> frame);

 private:
  std::uint64_t moves_ = 0;
  std::uint64_t nonce_ = 0;
  std::set<Domain> found_;  // in this period
};

}  // namespace hpvmnet
