#include "process/cpu_list.h"

#include <gmock/gmock.h>

namespace hpvmnet {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const CpuList kFour{0, 1, 2, 3};

TEST(CpuList, NumbersAndRangesInAnyOrder) {
  EXPECT_THAT(parse_cpu_list("2-3,0", kFour).value(), ElementsAre(0, 2, 3));
  EXPECT_THAT(parse_cpu_list("1", kFour).value(), ElementsAre(1));
  EXPECT_THAT(parse_cpu_list("1-1", kFour).value(), ElementsAre(1));
}

TEST(CpuList, EverythingElseIsRefusedWithTheTextInQuestion) {
  for (const char* text :
       {"", ",", "0,", ",0", "a", "1-", "-1", "3-2", "0 1", "1-2-3", "+1", "0x1", "99999999999"}) {
    const auto cpus = parse_cpu_list(text, kFour);
    ASSERT_FALSE(cpus) << text;
    EXPECT_EQ(cpus.error().code, ErrorCode::invalid_argument);
    EXPECT_THAT(cpus.error().text, HasSubstr('"' + std::string(text) + '"'));
  }
}

TEST(CpuList, AProcessorThatDoesNotExistIsNamedWithThoseThatDo) {
  const auto cpus = parse_cpu_list("1,4", kFour);
  ASSERT_FALSE(cpus);
  EXPECT_THAT(cpus.error().text, HasSubstr("CPU 4 "));
  EXPECT_THAT(cpus.error().text, HasSubstr("0-3"));
}

TEST(CpuList, AWideRangeEndsAtTheFirstThatDoesNotExist) {
  const auto cpus = parse_cpu_list("0-4294967295", kFour);
  ASSERT_FALSE(cpus);
  EXPECT_THAT(cpus.error().text, HasSubstr("CPU 4 "));
}

TEST(CpuList, TwiceTheSameIsRefused) {
  const auto cpus = parse_cpu_list("0-2,1", kFour);
  ASSERT_FALSE(cpus);
  EXPECT_THAT(cpus.error().text, HasSubstr("CPU 1 is named twice"));
}

TEST(CpuList, TextIsShort) {
  EXPECT_EQ(to_text({0, 2, 3, 4, 7}), "0,2-4,7");
  EXPECT_EQ(to_text({}), "");
}

TEST(CpuList, ThisProcessMayUseOneAtLeast) { EXPECT_FALSE(usable_cpus().empty()); }

}  // namespace
}  // namespace hpvmnet
