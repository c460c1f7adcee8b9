#include "avio_lan/memory/region_mapping.h"

#include <cstdint>
#include <limits>
#include <string>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

namespace hpvmnet::avio_lan {
namespace {

using ::testing::HasSubstr;

constexpr std::uint64_t kPage = 4096;
constexpr std::uint64_t kTop = std::numeric_limits<std::uint64_t>::max();

class RegionMappingTest : public ::testing::Test {
 protected:
  static Fd memory_of(std::uint64_t bytes) {
    Fd file(::memfd_create("guest", MFD_CLOEXEC));
    EXPECT_EQ(::ftruncate(file.get(), static_cast<off_t>(bytes)), 0);
    return file;
  }

  std::string refusal(const Fd& file, std::uint64_t offset, std::uint64_t size) {
    const auto mapped = RegionMapping::map(file, offset, size, event_.get());
    return mapped ? "none" : mapped.error().text;
  }

  Fd event_{::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)};
};

TEST_F(RegionMappingTest, SharesTheBytesOfTheFile) {
  Fd file = memory_of(3 * kPage);
  const auto mapping = RegionMapping::map(file, kPage, 2 * kPage, event_.get());
  ASSERT_TRUE(mapping);
  (*mapping)->data()[0] = std::byte{42};
  std::byte read{};
  ASSERT_EQ(::pread(file.get(), &read, 1, kPage), 1);
  EXPECT_EQ(read, std::byte{42});
}

TEST_F(RegionMappingTest, NeedsNoDescriptorAfterwards) {
  Fd file = memory_of(kPage);
  const auto mapping = RegionMapping::map(file, 0, kPage, event_.get());
  file.reset();
  ASSERT_TRUE(mapping);
  EXPECT_EQ((*mapping)->data()[kPage - 1], std::byte{0});
}

TEST_F(RegionMappingTest, TakesOffsetsWithinAPage) {
  Fd file = memory_of(2 * kPage);
  const std::byte mark{7};
  ASSERT_EQ(::pwrite(file.get(), &mark, 1, kPage + 8), 1);
  const auto mapping = RegionMapping::map(file, 100, 2 * kPage - 100, event_.get());
  ASSERT_TRUE(mapping);
  EXPECT_EQ((*mapping)->data()[kPage + 8 - 100], mark);
}

TEST_F(RegionMappingTest, RefusesRegionsBeyondTheirFile) {
  Fd file = memory_of(2 * kPage);
  EXPECT_EQ(refusal(file, 0, 2 * kPage), "none");
  EXPECT_EQ(refusal(file, 0, 2 * kPage + 1),
            "its file has 0x2000 bytes, too few for 0x2001 bytes at offset 0x0");
  EXPECT_THAT(refusal(file, 2 * kPage, 1), HasSubstr("too few"));
  EXPECT_THAT(refusal(file, kPage, 2 * kPage), HasSubstr("too few"));
}

TEST_F(RegionMappingTest, ChecksSizesThatWrapAround) {
  Fd file = memory_of(2 * kPage);
  EXPECT_THAT(refusal(file, 2 * kPage, kTop - kPage + 1), HasSubstr("too few"));
  EXPECT_THAT(refusal(file, kTop - kPage + 1, 2 * kPage), HasSubstr("too few"));
  EXPECT_THAT(refusal(file, kPage, kTop), HasSubstr("too few"));
}

TEST_F(RegionMappingTest, RefusesWhatIsNotARegularFile) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const Fd reader(ends[0]);
  const Fd writer(ends[1]);
  EXPECT_THAT(refusal(reader, 0, kPage), HasSubstr("not a regular file"));
  EXPECT_THAT(refusal(event_, 0, kPage), HasSubstr("not a regular file"));
  EXPECT_THAT(refusal(Fd(::open("/dev/zero", O_RDWR | O_CLOEXEC)), 0, kPage),
              HasSubstr("not a regular file"));
}

TEST_F(RegionMappingTest, RefusesFileSystemsThatCouldKeepUsWaiting) {
  EXPECT_THAT(refusal(Fd(::open("/proc/self/mem", O_RDWR | O_CLOEXEC)), 0, kPage),
              HasSubstr("could keep the switch waiting"));
}

TEST_F(RegionMappingTest, RefusesMemoryThatCannotBeWritten) {
  Fd file = memory_of(kPage);
  const Fd read_only(
      ::open(("/proc/self/fd/" + std::to_string(file.get())).c_str(), O_RDONLY | O_CLOEXEC));
  EXPECT_THAT(refusal(read_only, 0, kPage), HasSubstr("cannot be mapped"));
}

TEST_F(RegionMappingTest, UnmapsWithItsEnd) {
  Fd file = memory_of(kPage);
  auto mapping = RegionMapping::map(file, 0, kPage, event_.get());
  ASSERT_TRUE(mapping);
  void* const begin = (*mapping)->data();
  unsigned char resident = 0;
  EXPECT_EQ(::mincore(begin, kPage, &resident), 0);
  mapping->reset();
  EXPECT_NE(::mincore(begin, kPage, &resident), 0);
}

TEST_F(RegionMappingTest, SurvivesTruncation) {
  Fd file = memory_of(2 * kPage);
  const auto mapping = RegionMapping::map(file, 0, 2 * kPage, event_.get());
  ASSERT_TRUE(mapping);
  (*mapping)->data()[0] = std::byte{1};
  ASSERT_EQ(::ftruncate(file.get(), 0), 0);
  EXPECT_FALSE((*mapping)->lost());
  EXPECT_EQ((*mapping)->data()[0], std::byte{0});
  EXPECT_TRUE((*mapping)->lost());
}

}  // namespace
}  // namespace hpvmnet::avio_lan
