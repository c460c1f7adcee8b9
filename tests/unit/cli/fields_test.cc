#include "cli/fields.h"

#include <gtest/gtest.h>

namespace hpvmnet::cli {
namespace {

TEST(Fields, KnowWhereTheyStand) {
  Fields fields({"ab::c", 1}, ':');
  EXPECT_EQ(fields.peek().text, "ab");
  Field field = fields.take();
  EXPECT_EQ(field.text, "ab");
  EXPECT_EQ(field.column, 1u);
  field = fields.take();
  EXPECT_EQ(field.text, "");
  EXPECT_EQ(field.column, 4u);
  EXPECT_TRUE(fields.more());
  field = fields.take();
  EXPECT_EQ(field.text, "c");
  EXPECT_EQ(field.column, 5u);
  EXPECT_FALSE(fields.more());
}

TEST(Fields, BehindTheLastIsAnEmptyOne) {
  Fields fields({"ab", 10}, ':');
  fields.take();
  EXPECT_FALSE(fields.more());
  EXPECT_EQ(fields.take().text, "");
  EXPECT_EQ(fields.take().column, 12u);
}

TEST(Fields, AnEmptyTextIsOneEmptyField) {
  Fields fields({"", 1}, ':');
  EXPECT_TRUE(fields.more());
  EXPECT_EQ(fields.take().text, "");
  EXPECT_FALSE(fields.more());
}

TEST(Fields, ASeparatorAtTheEndHasAFieldBehindIt) {
  Fields fields({"a:", 1}, ':');
  fields.take();
  EXPECT_TRUE(fields.more());
  EXPECT_EQ(fields.take().column, 3u);
  EXPECT_FALSE(fields.more());
}

TEST(WrongAt, ShowsNoControlCharacters) {
  EXPECT_EQ(wrong_at("a\x1b[2J\n", 2, "bad").value().text, "a?[2J?: column 2: bad");
}

}  // namespace
}  // namespace hpvmnet::cli
