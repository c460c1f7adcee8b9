#include "avio_lan/memory/guest_memory.h"

#include <array>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hpvmnet::avio_lan {
namespace {

using ::testing::HasSubstr;

constexpr std::uint64_t kTop = std::numeric_limits<std::uint64_t>::max();

// Two regions that are neighbours for the guest, and only for the guest; and one far away.
class GuestMemoryTest : public ::testing::Test {
 protected:
  MemoryRegion first() { return {0x1000, 0x100, 0x9000, bytes_.data() + 0x200, nullptr}; }
  MemoryRegion second() { return {0x1100, 0x100, 0x5000, bytes_.data(), nullptr}; }
  MemoryRegion far() { return {0x8000, 0x80, 0x7000, bytes_.data() + 0x380, nullptr}; }

  std::shared_ptr<const GuestMemory> memory() {
    return GuestMemory::make({far(), second(), first()}).value();
  }

  static std::string refusal(std::vector<MemoryRegion> regions) {
    const auto made = GuestMemory::make(std::move(regions));
    return made ? "none" : made.error().text;
  }

  std::array<std::byte, 0x400> bytes_;
};

TEST_F(GuestMemoryTest, FindsBytesByGuestAddressWhereverTheWindowIs) {
  const auto table = memory();
  for (const MemoryRegion& before : {first(), second(), far()}) {
    GuestMemory::Window window;
    for (const MemoryRegion& region : {before, first(), before, second(), before, far()}) {
      const auto start = table->at(region.guest, 16, window);
      EXPECT_EQ(start.data(), region.host);
      EXPECT_EQ(start.size(), 16U);
      const auto end = table->at(region.guest + region.size - 1, 1, window);
      EXPECT_EQ(end.data(), region.host + region.size - 1);
      EXPECT_EQ(end.size(), 1U);
    }
  }
}

TEST_F(GuestMemoryTest, EndsAtTheBorderOfARegion) {
  const auto table = memory();
  GuestMemory::Window window;
  EXPECT_EQ(table->at(0x10f0, 0x20, window).size(), 0x10U);
  EXPECT_EQ(table->at(0x10f0, kTop, window).size(), 0x10U);
}

TEST_F(GuestMemoryTest, HasNothingOutsideOfRegions) {
  const auto table = memory();
  GuestMemory::Window window;
  for (const std::uint64_t outside : {0x0ULL, 0xfffULL, 0x1200ULL, 0x7fffULL, 0x8080ULL, ~0x0ULL}) {
    EXPECT_TRUE(table->at(outside, 1, window).empty()) << outside;
  }
}

TEST_F(GuestMemoryTest, WindowStaysOnTheRegionThatWasFound) {
  const auto table = memory();
  GuestMemory::Window window;
  table->at(far().guest, 1, window);
  EXPECT_EQ(window.host, far().host);
  table->at(0x7fff, 1, window);  // finds nothing
  EXPECT_EQ(window.host, far().host);
}

TEST_F(GuestMemoryTest, FindsByUserAddressOnlyWhatLiesInOneRegionWhole) {
  const auto table = memory();
  EXPECT_EQ(table->at_user_address(0x9000, 0x100), first().host);
  EXPECT_EQ(table->at_user_address(0x9080, 0x80), first().host + 0x80);
  EXPECT_EQ(table->at_user_address(0x9080, 0x81), nullptr);
  EXPECT_EQ(table->at_user_address(0x8fff, 1), nullptr);
  EXPECT_EQ(table->at_user_address(0x9100, 1), nullptr);
  EXPECT_EQ(table->at_user_address(0x9080, kTop), nullptr);
  EXPECT_EQ(table->at_user_address(0x1000, 1), nullptr) << "that is a guest address";
}

TEST_F(GuestMemoryTest, RefusesEmptyRegions) {
  EXPECT_THAT(refusal({first(), {0x3000, 0, 0xf000, bytes_.data(), nullptr}}),
              HasSubstr("guest address 0x3000 is empty"));
}

TEST_F(GuestMemoryTest, RefusesOverlapByGuestAddress) {
  EXPECT_THAT(refusal({first(), {0x10ff, 0x100, 0xf000, bytes_.data(), nullptr}}),
              HasSubstr("guest addresses 0x1000 and 0x10ff overlap"));
  EXPECT_THAT(refusal({first(), {0x1000, 0x100, 0xf000, bytes_.data(), nullptr}}),
              HasSubstr("guest addresses 0x1000 and 0x1000 overlap"));
  EXPECT_THAT(refusal({{0, kTop / 2, 0x9100, bytes_.data(), nullptr}, first()}),
              HasSubstr("guest addresses 0x0 and 0x1000 overlap"));
}

TEST_F(GuestMemoryTest, RefusesOverlapByUserAddress) {
  EXPECT_THAT(refusal({first(), {0x3000, 0x100, 0x90ff, bytes_.data(), nullptr}}),
              HasSubstr("user addresses 0x9000 and 0x90ff overlap"));
}

TEST_F(GuestMemoryTest, RefusesRegionsThatWrapAround) {
  EXPECT_THAT(refusal({{kTop - 0xfe, 0x100, 0x9000, bytes_.data(), nullptr}}),
              HasSubstr("guest address 0xffffffffffffff01 with 0x100 bytes wraps around"));
  EXPECT_THAT(refusal({{0, 0x100, kTop - 0xfe, bytes_.data(), nullptr}}),
              HasSubstr("user address 0xffffffffffffff01 with 0x100 bytes wraps around"));
}

TEST_F(GuestMemoryTest, TakesARegionUpToTheLastAddress) {
  const auto table = GuestMemory::make({{kTop - 0xff, 0x100, 0x9000, bytes_.data(), nullptr}});
  ASSERT_TRUE(table);
  GuestMemory::Window window;
  EXPECT_EQ((*table)->at(kTop, 1, window).size(), 1U);
  EXPECT_TRUE((*table)->at(0, 1, window).empty());
}

}  // namespace
}  // namespace hpvmnet::avio_lan
