#pragma once

#include <cstdint>
#include <vector>

#include "switch/station_moves.h"

namespace hpvmnet {

/// Chooses which moves of stations between the ports of a vswitch are told one by one: guests can
/// make any number of them, which must not drive other events out of the journal. Pure; each period
/// one call of begin_period().
class MoveReporter {
 public:
  /// Told at once after a time without moves; then one in each period.
  static constexpr unsigned kAllowance = 8;
  /// The others are told as a number, once in so many periods.
  static constexpr unsigned kSummaryPeriods = 20;

  struct Report {
    std::vector<StationMoves::Move> moves;
    std::uint64_t others = 0;  ///< moves that nobody has been told of yet
  };

  /// `moves`: how many there have been in all; `latest`: some of those since the last call.
  Report begin_period(std::uint64_t moves, std::vector<StationMoves::Move> latest);

 private:
  unsigned allowance_ = kAllowance;
  unsigned periods_ = 0;  // since there is something untold
  std::uint64_t moves_ = 0;
  std::uint64_t untold_ = 0;
};

}  // namespace hpvmnet
