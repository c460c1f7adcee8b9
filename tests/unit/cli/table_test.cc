#include "cli/table.h"

#include <gtest/gtest.h>

namespace hpvmnet::cli {
namespace {

using Align = Table::Align;

TEST(Table, WidthsAreAtLeastThoseAskedFor) {
  Table table({{"Name", 8}, {"No", 6, Align::right}, {"State", 7}});
  table.add({"a", "1", "Up"});
  EXPECT_EQ(table.text(),
            "Name     No     State\n"
            "======== ====== =======\n"
            "a             1 Up\n");
}

TEST(Table, ColumnsGrowAndNothingIsCutOff) {
  Table table({{"Name", 4}, {"No", 2, Align::right}});
  table.add({"much longer", "1"});
  table.add({"a", "12345"});
  EXPECT_EQ(table.text(),
            "Name        No\n"
            "=========== =====\n"
            "much longer     1\n"
            "a           12345\n");
}

TEST(Table, HeadingsMayHaveLinesAndAnAlignment) {
  Table table({{"Port\nNumber", 7}, {"One", 5, Align::right, Align::right}});
  EXPECT_EQ(table.text(),
            "Port      One\n"
            "Number\n"
            "======= =====\n");
}

TEST(Table, EmptyCellsLeaveNoBlanksAtTheEnd) {
  Table table({{"A", 3}, {"B", 3}});
  table.add({"x", ""});
  table.add({"", ""});
  EXPECT_EQ(table.text(), "A   B\n=== ===\nx\n\n");
}

TEST(Labelled, HasItsColonsBelowEachOther) {
  EXPECT_EQ(aligned_text({{"Port", "1"}, {"Port State", "Up"}, {"VM", ""}}),
            "Port       : 1\n"
            "Port State : Up\n"
            "VM         :\n");
}

TEST(Labelled, OrNot) {
  EXPECT_EQ(plain_text({{"Bus", "0"}, {"Mac Address", "x"}}), "Bus :0\nMac Address :x\n");
}

}  // namespace
}  // namespace hpvmnet::cli
