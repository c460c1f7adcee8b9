#include "cli/listing.h"

#include <gtest/gtest.h>

namespace hpvmnet::cli {
namespace {

using Align = Listing::Align;
using Colour = Listing::Colour;

Listing two_rows() {
  Listing listing({{"NAME"}, {"N", Align::right}, {"REMARK", Align::left, true}});
  listing.add({{"a", Colour::good}, {"1"}, {"quite a long remark"}});
  listing.add({{"longer"}, {"10"}, {""}});
  return listing;
}

TEST(Listing, ColumnsAreAsWideAsTheirLongestCell) {
  EXPECT_EQ(two_rows().text({}),
            "NAME     N  REMARK\n"
            "a        1  quite a long remark\n"
            "longer  10\n");
}

TEST(Listing, CutsWhatCanBeCutWhereTheScreenIsNarrow) {
  EXPECT_EQ(two_rows().text({.width = 24, .colours = false}),
            "NAME     N  REMARK\n"
            "a        1  quite a lon~\n"
            "longer  10\n");
}

TEST(Listing, NeverWraps) {
  for (std::size_t width = 1; width < 40; ++width) {
    const std::string text = two_rows().text({.width = width, .colours = false});
    std::size_t begin = 0;
    for (std::size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
      EXPECT_LE(end - begin, width);
    }
  }
}

TEST(Listing, ColoursTakeNoRoom) {
  EXPECT_EQ(two_rows().text({.width = 0, .colours = true}),
            "NAME     N  REMARK\n"
            "\033[32ma\033[0m        1  quite a long remark\n"
            "longer  10\n");
}

}  // namespace
}  // namespace hpvmnet::cli
