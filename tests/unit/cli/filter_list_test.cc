#include "cli/filter_list.h"

#include <gmock/gmock.h>

namespace hpvmnet::cli {
namespace {

using testing::ElementsAre;
using testing::Pair;

std::vector<std::pair<std::string, std::string>> parsed(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> filters;
  const auto list = parse_filter_list({text, 1}, text).value();
  for (const v1::Filter& filter : list) {
    filters.emplace_back(filter.name(), filter.arguments());
  }
  return filters;
}

TEST(FilterList, NamesWithAndWithoutArguments) {
  EXPECT_THAT(parsed("a"), ElementsAre(Pair("a", "")));
  EXPECT_THAT(parsed("a,b"), ElementsAre(Pair("a", ""), Pair("b", "")));
  EXPECT_THAT(parsed("a()"), ElementsAre(Pair("a", "")));
  EXPECT_THAT(parsed("a(x,y),b(02:00:00:00:00:01 (spare))"),
              ElementsAre(Pair("a", "x,y"), Pair("b", "02:00:00:00:00:01 (spare)")));
  EXPECT_THAT(parsed("none"), ElementsAre());
  EXPECT_THAT(parsed("none,a"), ElementsAre(Pair("none", ""), Pair("a", "")));
}

TEST(FilterList, IsWrittenAsItIsRead) {
  for (const std::string text : {"none", "a", "a,b(x,(y)),c"}) {
    v1::Vswitch vswitch;
    const auto filters = parse_filter_list({text, 1}, text).value();
    vswitch.mutable_filters()->Assign(filters.begin(), filters.end());
    EXPECT_EQ(filter_list_text(vswitch), text);
  }
}

}  // namespace
}  // namespace hpvmnet::cli
