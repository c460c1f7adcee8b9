#include "worker/placement.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

namespace hpvmnet {
namespace {

TEST(PlaceQueue, GoesToTheWorkerWithFewest) {
  EXPECT_EQ(place_queue(std::vector<std::size_t>{3, 1, 2}), 1u);
}

TEST(PlaceQueue, PrefersTheFirstAmongEquals) {
  EXPECT_EQ(place_queue(std::vector<std::size_t>{2, 1, 1}), 1u);
  EXPECT_EQ(place_queue(std::vector<std::size_t>{0}), 0u);
}

using Loads = std::vector<QueueLoad>;

TEST(Balance, MovesAQueueFromTheBusiestToTheIdlestWorker) {
  const auto move = balance(Loads{{0, 60}, {0, 40}, {1, 50}, {2, 10}}, 3);
  ASSERT_TRUE(move.has_value());
  EXPECT_EQ(move->queue, 1U);
  EXPECT_EQ(move->worker, 2U);
}

TEST(Balance, LeavesABusyQueueThatIsAlone) {
  EXPECT_FALSE(balance(Loads{{0, 1000}, {1, 0}}, 2).has_value());
  EXPECT_FALSE(balance(Loads{{0, 1000}, {0, 0}, {1, 5}}, 2).has_value());
}

TEST(Balance, LeavesWhatGainsLittle) {
  EXPECT_FALSE(balance(Loads{{0, 50}, {0, 5}, {1, 50}}, 2).has_value());
  EXPECT_FALSE(balance(Loads{}, 2).has_value());
  EXPECT_FALSE(balance(Loads{{0, 0}, {0, 0}}, 2).has_value());
  EXPECT_FALSE(balance(Loads{{0, 7}, {0, 7}}, 1).has_value());
}

TEST(Balance, ComesToAnEnd) {
  Loads loads;
  for (std::uint64_t i = 0; i < 40; ++i) loads.push_back({i % 2, i * i});
  unsigned moves = 0;
  for (; const auto move = balance(loads, 4); ++moves) loads[move->queue].worker = move->worker;
  EXPECT_LT(moves, 80U);
  std::vector<std::uint64_t> frames(4);
  for (const QueueLoad& load : loads) frames[load.worker] += load.frames;
  const auto [least, most] = std::ranges::minmax(frames);
  EXPECT_LT(most, least + least / 5);
}

}  // namespace
}  // namespace hpvmnet
