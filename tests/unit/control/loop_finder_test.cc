#include "control/loop_finder.h"

#include <gtest/gtest.h>

#include "switch/group_address.h"

namespace hpvmnet {
namespace {

TEST(LoopFinder, IsSuspiciousOfManyMovesInAPeriod) {
  LoopFinder finder;
  EXPECT_FALSE(finder.begin_period(50, 1));
  EXPECT_FALSE(finder.begin_period(100, 2));
  EXPECT_TRUE(finder.begin_period(151, 3));
  EXPECT_FALSE(finder.begin_period(151, 4));
}

TEST(LoopFinder, KnowsTheFirstOfItsProbesThatComesBackInADomain) {
  LoopFinder finder;
  finder.begin_period(0, 0x1234'5678'9abc'def0);
  const auto plain = finder.probe(kNoVlan);
  const auto tagged = finder.probe(20);
  EXPECT_EQ(plain.size(), 60u);
  EXPECT_TRUE(finder.came_back(kNoVlan, plain));
  EXPECT_FALSE(finder.came_back(kNoVlan, plain));
  EXPECT_TRUE(finder.came_back(20, tagged));
  EXPECT_FALSE(finder.came_back(20, plain));
}

TEST(LoopFinder, TakesNothingElseForAProbeOfThisPeriod) {
  LoopFinder finder;
  finder.begin_period(0, 1);
  const auto old = finder.probe(kNoVlan);
  finder.begin_period(0, 2);
  EXPECT_FALSE(finder.came_back(kNoVlan, old));
  const auto probe = finder.probe(kNoVlan);
  for (std::size_t length = 0; length < 22; ++length) {
    EXPECT_FALSE(finder.came_back(kNoVlan, std::span(probe).first(length))) << length;
  }
  EXPECT_TRUE(finder.came_back(kNoVlan, std::span(probe).first(22)));
}

}  // namespace
}  // namespace hpvmnet
