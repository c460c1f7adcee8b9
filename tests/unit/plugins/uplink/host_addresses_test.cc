#include "uplink/host_addresses.h"

#include <gtest/gtest.h>

namespace hpvmnet::uplink {
namespace {

bool contain(const HostAddresses& addresses, std::uint64_t destination) {
  Frame frame;
  frame.head.fill(std::byte{0xee});
  for (std::size_t i = 0; i < 6; ++i) {
    frame.head[i] = static_cast<std::byte>(destination >> (40 - 8 * i) & 0xff);
  }
  return addresses.contain(frame);
}

TEST(HostAddresses, AreFoundInFrames) {
  HostAddresses addresses;
  EXPECT_FALSE(contain(addresses, 0x02'00'00'00'00'01));
  addresses.set({0x02'00'00'00'00'01, 0xfe'dc'ba'98'76'54}, [] {});
  EXPECT_TRUE(contain(addresses, 0x02'00'00'00'00'01));
  EXPECT_TRUE(contain(addresses, 0xfe'dc'ba'98'76'54));
  EXPECT_FALSE(contain(addresses, 0x02'00'00'00'00'02));
  EXPECT_FALSE(contain(addresses, 0xfe'dc'ba'98'76'55));
}

TEST(HostAddresses, WaitForWorkersOnlyWhereSomethingChanges) {
  HostAddresses addresses;
  int waits = 0;
  const auto wait = [&] {
    EXPECT_TRUE(contain(addresses, 2)) << "the new ones are in force";
    ++waits;
  };
  addresses.set({2}, wait);
  addresses.set({2}, wait);
  EXPECT_EQ(waits, 1);
  addresses.set({1, 2}, wait);
  EXPECT_EQ(waits, 2);
}

}  // namespace
}  // namespace hpvmnet::uplink
