#include "base/lazy_array.h"

#include <cstdint>

#include <gtest/gtest.h>
#include <unistd.h>

namespace hpvmnet {
namespace {

TEST(LazyArray, IsZeroAndAligned) {
  LazyArray<std::uint64_t> array(10'000);
  ASSERT_EQ(array.size(), 10'000U);
  for (std::size_t i = 0; i < array.size(); ++i) ASSERT_EQ(array[i], 0U);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(&array[0]) % 4096, 0U);
  array[9'999] = 7;
  EXPECT_EQ(array[9'999], 7U);
}

TEST(LazyArray, KeepsItsContentsInHugePages) {
  LazyArray<std::uint32_t> array(3'000'000);
  for (std::size_t i = 0; i < array.size(); i += 100) array[i] = static_cast<std::uint32_t>(i);
  array.use_huge_pages();
  for (std::size_t i = 0; i < array.size(); ++i) ASSERT_EQ(array[i], i % 100 == 0 ? i : 0);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(&array[0]) % (2U << 20), 0U);
}

// More than most machines have: what is not written costs nothing.
TEST(LazyArray, UntouchedPagesCostNoMemory) {
  const LazyArray<std::uint8_t> array(std::size_t{1} << 40);
  EXPECT_EQ(array.size(), std::size_t{1} << 40);
}

}  // namespace
}  // namespace hpvmnet
