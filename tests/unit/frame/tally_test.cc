#include "frame/tally.h"

#include <gtest/gtest.h>

namespace hpvmnet {
namespace {

TEST(Tally, CountsDropsByReason) {
  Tally tally;
  tally.drop(Drop::no_buffer);
  tally.drop(Drop::no_buffer, 9);
  tally.drop(Drop::not_ready);
  EXPECT_EQ(tally.drops[static_cast<std::size_t>(Drop::no_buffer)].get(), 10U);
  EXPECT_EQ(tally.drops[static_cast<std::size_t>(Drop::not_ready)].get(), 1U);
  EXPECT_EQ(tally.drops[static_cast<std::size_t>(Drop::oversize)].get(), 0U);
}

TEST(Tally, TwoShareNoCacheLine) { EXPECT_EQ(alignof(Tally), 64U); }

}  // namespace
}  // namespace hpvmnet
