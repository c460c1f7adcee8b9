#include "control/move_reporter.h"

#include <algorithm>
#include <utility>

namespace hpvmnet {

MoveReporter::Report MoveReporter::begin_period(std::uint64_t moves,
                                                std::vector<StationMoves::Move> latest) {
  Report report{.moves = std::move(latest)};
  allowance_ = std::min(allowance_ + 1, kAllowance);
  // A move that is noted while this looks may be among the latest and not yet in their number.
  const std::uint64_t all =
      std::max<std::uint64_t>(moves - std::exchange(moves_, moves), report.moves.size());
  report.moves.resize(std::min<std::size_t>(report.moves.size(), allowance_));
  allowance_ -= static_cast<unsigned>(report.moves.size());
  untold_ += all - report.moves.size();
  if (untold_ > 0 && ++periods_ >= kSummaryPeriods) {
    report.others = std::exchange(untold_, 0);
    periods_ = 0;
  }
  return report;
}

}  // namespace hpvmnet
