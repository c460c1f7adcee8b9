#include "control/model_difference.h"

#include <gtest/gtest.h>

#include "control/model_changes.h"
#include "control/plan.h"
#include "unit/control/random_models.h"

namespace hpvmnet {
namespace {

PortTraits traits_of(std::string_view adaptor) {
  return {.rings = adaptor == "avio_lan", .mac = adaptor == "tap", .queue_pairs = adaptor == "tap"};
}

std::vector<std::string> texts(const Model& from, const Model& to) {
  std::vector<std::string> all;
  for (const Event& event : changes_between(from, to)) all.push_back(event.text);
  return all;
}

TEST(ModelDifference, OfEqualStatesIsNothing) {
  RandomModels walk(1);
  for (int i = 0; i < 100; ++i) (void)walk.step();
  const ModelDifference difference = difference_of(walk.model(), walk.model());
  EXPECT_TRUE(difference.empty());
}

TEST(ModelDifference, HasWhatAChangeConcerns) {
  RandomModels walk(2);
  for (int i = 0; i < 200; ++i) (void)walk.step();
  Model from = walk.model();
  (void)create_vswitch(from, "new");
  Model to = from;
  ASSERT_TRUE(set_vswitch_up(to, named("new"), true));
  const ModelDifference difference = difference_of(from, to);
  EXPECT_EQ(difference.from.vswitches.size(), 1u);
  EXPECT_TRUE(difference.from.guests.empty());
  EXPECT_TRUE(difference.to.vswitches.at("new").up);
}

TEST(ModelDifferenceProperty, HasThePlanAndTheEventsOfTheWholeStates) {
  RandomModels walk(3);
  Model before = walk.model();
  for (int i = 0; i < 3000; ++i) {
    (void)walk.step();
    if (i % 3 != 0) continue;  // one edit, or a few
    const Model& after = walk.model();
    const ModelDifference difference = difference_of(before, after);
    ASSERT_EQ(plan(difference.from, difference.to, traits_of), plan(before, after, traits_of));
    ASSERT_EQ(texts(difference.from, difference.to), texts(before, after));
    before = after;
  }
}

TEST(ModelDifferenceProperty, LeadsFromOneStateToTheOtherAndBack) {
  RandomModels walk(4);
  Model before = walk.model();
  for (int i = 0; i < 3000; ++i) {
    (void)walk.step();
    if (i % 3 != 0) continue;
    const Model& after = walk.model();
    const ModelDifference difference = difference_of(before, after);
    ASSERT_EQ(difference.empty(), before == after);
    Model whole = before;
    exchange_parts(difference.from, difference.to, whole);
    ASSERT_EQ(whole, after);
    exchange_parts(difference.to, difference.from, whole);
    ASSERT_EQ(whole, before);
    before = after;
  }
}

}  // namespace
}  // namespace hpvmnet
