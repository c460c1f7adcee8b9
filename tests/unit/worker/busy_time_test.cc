#include "worker/busy_time.h"

#include <gtest/gtest.h>

namespace hpvmnet {
namespace {

using namespace std::chrono_literals;

TEST(BusyTime, IsThatBetweenTwoMomentsInWhichABurstWasMoved) {
  BusyTime time;
  const BusyTime::Clock::time_point start{};
  time.note(start);
  time.note(start + 5us);  // nothing
  EXPECT_EQ(time.get(), 0ns);
  time.moved_burst();
  time.moved_burst();
  EXPECT_EQ(time.get(), 0ns) << "it has not ended";
  time.note(start + 8us);
  EXPECT_EQ(time.get(), 3us);
  time.note(start + 1s);  // asleep
  EXPECT_EQ(time.get(), 3us);
  time.moved_burst();
  time.note(start + 1s + 1us);
  EXPECT_EQ(time.get(), 4us);
}

}  // namespace
}  // namespace hpvmnet
