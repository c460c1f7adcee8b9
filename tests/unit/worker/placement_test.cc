#include "worker/placement.h"

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

}  // namespace
}  // namespace hpvmnet
