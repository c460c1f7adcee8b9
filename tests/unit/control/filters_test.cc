#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include <gmock/gmock.h>

#include "support/test_switch.h"

namespace hpvmnet {
namespace {

using testing::Contains;
using testing::HasSubstr;

class CountedFilter final : public Filter {
 public:
  explicit CountedFilter(std::atomic<int>& alive) : alive_(alive) { ++alive_; }
  ~CountedFilter() override { --alive_; }
  FrameMask judge(const Burst& /*burst*/, FrameMask /*frames*/,
                  unsigned /*port*/) noexcept override {
    return 0;
  }

 private:
  std::atomic<int>& alive_;
};

// Makes filters that take every argument but "bad", and counts them.
class CountingFactory final : public FilterFactory {
 public:
  explicit CountingFactory(std::string name) : name_(std::move(name)) {}
  std::string_view name() const override { return name_; }
  Result<std::unique_ptr<Filter>> make(const FilterSpec& spec, Log& log) override {
    if (spec.arguments == "bad") return fail(ErrorCode::invalid_argument, "'bad' is no argument");
    if (spec.arguments == "null") return std::unique_ptr<Filter>();
    ++made;
    log.info("made for {}", spec.arguments);
    return std::make_unique<CountedFilter>(alive);
  }

  int made = 0;
  std::atomic<int> alive = 0;

 private:
  std::string name_;
};

class Filters : public testing::Test {
 protected:
  void start(std::optional<Model> saved = {}) {
    switch_ = std::make_unique<test::TestSwitch>(test::TestSwitch::Options{
        .adaptors = {}, .filters = {one_, two_}, .saved = std::move(saved)});
  }

  Status set(const std::vector<FilterSettings>& filters) {
    return switch_->command(
        [&](Commands& commands) { return commands.set_filters({kLocalnet}, filters); });
  }

  std::vector<std::pair<std::string, std::string>> shown() {
    const auto status =
        switch_->command([](Commands& commands) { return commands.vswitch({kLocalnet}).value(); });
    std::vector<std::pair<std::string, std::string>> all;
    for (const auto& [settings, remark] : status.filters) {
      all.emplace_back(settings.name + '(' + settings.arguments + ')', remark);
    }
    return all;
  }

  std::shared_ptr<CountingFactory> one_ = std::make_shared<CountingFactory>("one");
  std::shared_ptr<CountingFactory> two_ = std::make_shared<CountingFactory>("two");
  std::unique_ptr<test::TestSwitch> switch_;
};

using Shown = std::vector<std::pair<std::string, std::string>>;

TEST_F(Filters, AreMadeAndEndedAsCommandsSay) {
  start();
  ASSERT_TRUE(set({{"two", "x"}, {"one", ""}}));
  EXPECT_EQ(shown(), (Shown{{"two(x)", ""}, {"one()", ""}}));
  EXPECT_EQ(one_->alive + two_->alive, 2);
  ASSERT_TRUE(set({}));
  EXPECT_EQ(shown(), Shown{});
  EXPECT_EQ(one_->alive + two_->alive, 0);
}

TEST_F(Filters, ThoseThatStayKeepWhatTheyKnow) {
  start();
  ASSERT_TRUE(set({{"one", "x"}}));
  ASSERT_TRUE(set({{"two", ""}, {"one", "x"}}));
  EXPECT_EQ(one_->made, 1);
  ASSERT_TRUE(set({{"one", "y"}}));
  EXPECT_EQ(one_->made, 2);
  EXPECT_EQ(one_->alive, 1);
}

TEST_F(Filters, OneThatCannotBeHadLeavesAllAsTheyWere) {
  start();
  ASSERT_TRUE(set({{"one", "x"}}));
  const Status unknown = set({{"one", "y"}, {"three", ""}});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().text,
            "filter 'three' cannot be used on vswitch 'localnet': no plugin provides it; 'hpvmnet "
            "plugin list' shows what plugins provide");
  const Status refused = set({{"two", "bad"}});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().text, HasSubstr("'bad' is no argument"));
  EXPECT_FALSE(set({{"two", "null"}}));
  EXPECT_EQ(shown(), (Shown{{"one(x)", ""}}));
  EXPECT_EQ(one_->alive, 1);
  EXPECT_EQ(two_->alive, 0);
}

TEST_F(Filters, SavedOnesThatCannotBeHadShutTheVswitchAndSaySo) {
  Model saved = initial_model();
  saved.vswitches[kLocalnet].filters = {{"one", ""}, {"gone", "x"}};
  start(saved);
  EXPECT_EQ(shown()[0].second, "");
  EXPECT_THAT(shown()[1].second, HasSubstr("no plugin provides it"));
  EXPECT_THAT(switch_->log().lines(LogLevel::error),
              Contains(HasSubstr("until its filters can be used or are taken away, no frame")));
  ASSERT_TRUE(set({{"one", ""}}));
  EXPECT_EQ(shown(), (Shown{{"one()", ""}}));
  EXPECT_EQ(one_->made, 1);
}

TEST_F(Filters, EndWithTheirVswitch) {
  start();
  switch_->add_vswitch("other");
  ASSERT_TRUE(switch_->command([](Commands& commands) {
    return commands.set_filters({"other"}, {{"one", ""}});
  }));
  EXPECT_EQ(one_->alive, 1);
  ASSERT_TRUE(
      switch_->command([](Commands& commands) { return commands.delete_vswitch({"other"}); }));
  EXPECT_EQ(one_->alive, 0);
}

}  // namespace
}  // namespace hpvmnet
