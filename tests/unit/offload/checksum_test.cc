#include "offload/checksum.h"

#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace hpvmnet {
namespace {

// As RFC 1071 writes it: the sum of the words of the whole, one after the other.
std::uint16_t plain(std::span<const std::byte> bytes) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    std::uint32_t word = static_cast<std::uint32_t>(bytes[i]);
    if (i + 1 < bytes.size()) word |= static_cast<std::uint32_t>(bytes[i + 1]) << 8;
    sum += word;
    sum = (sum & 0xffff) + (sum >> 16);
  }
  return static_cast<std::uint16_t>(sum);
}

TEST(Checksum, ExampleOfTheRfc) {
  const std::vector<std::byte> bytes{std::byte{0x00}, std::byte{0x01}, std::byte{0xf2},
                                     std::byte{0x03}, std::byte{0xf4}, std::byte{0xf5},
                                     std::byte{0xf6}, std::byte{0xf7}};
  Checksum sum;
  sum.add(bytes);
  EXPECT_EQ(__builtin_bswap16(sum.fold()), 0xddf2);
}

TEST(Checksum, IsTheSameHoweverTheBytesAreDivided) {
  std::mt19937 random(7);
  for (unsigned i = 0; i < 2000; ++i) {
    std::vector<std::byte> bytes(random() % 3000);
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(random());
    Checksum sum;
    for (std::size_t at = 0; at < bytes.size();) {
      const std::size_t run = std::min<std::size_t>(random() % 40, bytes.size() - at);
      sum.add(std::span(bytes).subspan(at, run));
      at += run;
    }
    ASSERT_EQ(sum.fold(), plain(bytes));
  }
}

TEST(Checksum, WordsCanBeTakenAwayAgain) {
  Checksum with;
  with.add_word(0x1234);
  with.add_word(0xfedc);
  with.remove_word(0xfedc);
  EXPECT_EQ(with.fold(), 0x1234);
}

}  // namespace
}  // namespace hpvmnet
