#include "cli/pcapng.h"

#include <cstring>
#include <sstream>
#include <vector>

#include <gtest/gtest.h>

namespace hpvmnet::cli {
namespace {

std::uint32_t word(const std::string& bytes, std::size_t at) {
  std::uint32_t value = 0;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

// The blocks of a file, which must be whole: type, then what is between the two lengths.
std::vector<std::pair<std::uint32_t, std::string>> blocks(const std::string& file) {
  std::vector<std::pair<std::uint32_t, std::string>> found;
  for (std::size_t at = 0; at < file.size();) {
    const std::uint32_t size = word(file, at + 4);
    EXPECT_EQ(size % 4, 0);
    EXPECT_EQ(word(file, at + size - 4), size);
    found.emplace_back(word(file, at), file.substr(at + 8, size - 12));
    at += size;
  }
  return found;
}

TEST(Pcapng, IsMadeOfTheBlocksOfTheFormat) {
  std::ostringstream out;
  PcapngWriter writer(out, "test");
  EXPECT_EQ(writer.add_interface("prod/1 (web)", 100), 0);
  EXPECT_EQ(writer.add_interface("prod/2", 0), 1);
  writer.write({.interface = 1,
                .time_ns = 0x1'0000'0002,
                .length = 60,
                .data = "abcde",
                .direction = PcapngWriter::Direction::outbound,
                .comment = "dropped"});
  writer.write_statistics(1, 5, 10, 3);
  const auto all = blocks(out.str());
  ASSERT_EQ(all.size(), 5);
  EXPECT_EQ(all[0].first, 0x0a0d0d0a);
  EXPECT_EQ(word(all[0].second, 0), 0x1a2b3c4d);
  EXPECT_EQ(all[1].first, 1);
  EXPECT_EQ(word(all[1].second, 4), 100);
  const std::string& packet = all[3].second;
  EXPECT_EQ(all[3].first, 6);
  EXPECT_EQ(word(packet, 0), 1);
  EXPECT_EQ(word(packet, 4), 1);  // the time's upper half
  EXPECT_EQ(word(packet, 8), 2);
  EXPECT_EQ(word(packet, 12), 5);
  EXPECT_EQ(word(packet, 16), 60);
  EXPECT_EQ(packet.substr(20, 8), std::string("abcde\0\0\0", 8));
  EXPECT_EQ(word(packet, 28), 0x0004'0002);  // the option of flags
  EXPECT_EQ(word(packet, 32), 2);
  EXPECT_NE(packet.find("dropped"), std::string::npos);
  EXPECT_EQ(all[4].first, 5);
}

TEST(Pcapng, ACommentThatIsTooLongIsCut) {
  std::ostringstream out;
  PcapngWriter writer(out, "test");
  const std::string comment(100'000, 'x');
  writer.write({.interface = 0, .time_ns = 0, .length = 0, .data = "", .comment = comment});
  EXPECT_EQ(blocks(out.str()).size(), 2);
}

}  // namespace
}  // namespace hpvmnet::cli
