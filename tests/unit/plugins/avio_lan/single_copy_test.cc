// A frame is copied once, from its sender's memory into its receiver's: behind the head that the
// switch decides on, no byte of it is ever in memory of the switch's own.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <random>
#include <span>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "support/frame_builder.h"
#include "support/switch_process.h"
#include "support/test_guest.h"

namespace hpvmnet::test {
namespace {

constexpr std::chrono::seconds kLimit{5};
constexpr std::size_t kMarkLength = 32;
constexpr std::size_t kInHead = 40;
constexpr std::size_t kInRest = 700;
constexpr std::uint64_t kPiece = 1 << 20;
constexpr std::uint64_t kLargest = std::uint64_t{1} << 30;  // only a sanitizer's shadow is larger

// Drawn while the switch runs, so that it has inherited none of it.
Bytes random_mark() {
  std::random_device source;
  Bytes mark(kMarkLength);
  std::ranges::generate(mark, [&] { return static_cast<Bytes::value_type>(source()); });
  return mark;
}

// How often the bytes occur in a process's writable memory that it shares with nobody.
std::size_t occurrences(pid_t process, const Bytes& wanted) {
  std::size_t count = 0;
  std::ifstream maps(fmt::format("/proc/{}/maps", process));
  std::ifstream memory(fmt::format("/proc/{}/mem", process), std::ios::binary);
  for (std::string line; std::getline(maps, line);) {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    char mode[8] = {};
    if (std::sscanf(line.c_str(), "%lx-%lx %7s", &begin, &end, mode) != 3) continue;
    if (std::string_view(mode) != "rw-p" || end - begin > kLargest) continue;
    for (std::uint64_t at = begin; at < end; at += kPiece) {
      // Each piece overlaps the next by the length of what is looked for.
      Bytes piece(std::min<std::uint64_t>(kPiece + kMarkLength, end - at));
      memory.clear();
      memory.seekg(static_cast<std::streamoff>(at));
      memory.read(reinterpret_cast<char*>(piece.data()),
                  static_cast<std::streamsize>(piece.size()));
      piece.resize(static_cast<std::size_t>(std::max<std::streamsize>(memory.gcount(), 0)));
      std::span<const Bytes::value_type> rest = piece;
      while (const void* found = ::memmem(rest.data(), rest.size(), wanted.data(), wanted.size())) {
        ++count;
        rest = rest.subspan(
            static_cast<std::size_t>(static_cast<const Bytes::value_type*>(found) - rest.data()) +
            1);
      }
    }
  }
  return count;
}

class SingleCopy : public ::testing::Test {
 protected:
  SwitchProcess hub_{1};
  TestGuest one_{hub_.socket(1)};
  TestGuest other_{hub_.socket(2)};
};

TEST_F(SingleCopy, TheRestOfAFrameIsNeverInTheSwitchesMemory) {
  const Bytes in_head = random_mark();
  const Bytes in_rest = random_mark();
  Bytes frame = FrameBuilder().from(test_mac(1)).fill_to(1514).build();
  std::ranges::copy(in_head, frame.begin() + kInHead);
  std::ranges::copy(in_rest, frame.begin() + kInRest);
  for (unsigned i = 0; i < 10; ++i) {
    ASSERT_TRUE(one_.send(frame));
    const auto received = other_.receive(kLimit);
    ASSERT_TRUE(received.has_value());
    ASSERT_EQ(received->frame, frame);
  }
  EXPECT_GT(occurrences(hub_.id(), in_head), 0U) << "this test cannot see the switch's memory";
  EXPECT_EQ(occurrences(hub_.id(), in_rest), 0U);
}

}  // namespace
}  // namespace hpvmnet::test
