#include "control/move_reporter.h"

#include <gtest/gtest.h>

namespace hpvmnet {
namespace {

std::vector<StationMoves::Move> moves(std::size_t count) {
  std::vector<StationMoves::Move> all;
  for (std::size_t i = 0; i < count; ++i) all.push_back({i, 1, 2});
  return all;
}

TEST(MoveReporter, TellsAFewMovesOneByOne) {
  MoveReporter reporter;
  const auto report = reporter.begin_period(2, moves(2));
  EXPECT_EQ(report.moves, moves(2));
  EXPECT_EQ(report.others, 0u);
  EXPECT_TRUE(reporter.begin_period(2, {}).moves.empty());
}

TEST(MoveReporter, TellsManyAsANumber) {
  MoveReporter reporter;
  std::uint64_t total = 0;
  std::uint64_t told = 0;
  unsigned events = 0;
  constexpr unsigned kPeriods = 10 * MoveReporter::kSummaryPeriods;
  for (unsigned period = 0; period < kPeriods; ++period) {
    total += 1000;
    const auto report = reporter.begin_period(total, moves(StationMoves::kCapacity));
    told += report.moves.size() + report.others;
    events += static_cast<unsigned>(report.moves.size()) + (report.others > 0 ? 1 : 0);
  }
  EXPECT_EQ(told, total);
  EXPECT_LE(events, MoveReporter::kAllowance + kPeriods + 10);
}

TEST(MoveReporter, ForgetsNoneThatWereNotTold) {
  MoveReporter reporter;
  std::uint64_t told = reporter.begin_period(20, moves(16)).moves.size();
  std::uint64_t others = 0;
  for (unsigned period = 0; period < MoveReporter::kSummaryPeriods; ++period) {
    others += reporter.begin_period(20, {}).others;
  }
  EXPECT_EQ(told + others, 20u);
}

TEST(StationMoves, AreBounded) {
  StationMoves moved;
  for (std::uint64_t i = 0; i < 2 * StationMoves::kCapacity; ++i) moved.note({i, 1, 2});
  EXPECT_EQ(moved.take(), moves(StationMoves::kCapacity));
  EXPECT_TRUE(moved.take().empty());
  moved.note({7, 3, 4});
  EXPECT_EQ(moved.take(), (std::vector<StationMoves::Move>{{7, 3, 4}}));
}

}  // namespace
}  // namespace hpvmnet
