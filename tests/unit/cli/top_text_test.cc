#include "cli/top/top_text.h"

#include <algorithm>

#include <gmock/gmock.h>

namespace hpvmnet::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

PortRates port(const std::string& vswitch, std::uint32_t number, const std::string& guest,
               double in, double out, double drops = 0) {
  PortRates rates;
  rates.vswitch = vswitch;
  rates.number = number;
  rates.guest = guest;
  rates.adaptor = "avio_lan";
  rates.active = !guest.empty();
  rates.in_frames = in;
  rates.out_frames = out;
  rates.drops = drops;
  if (drops > 0) rates.reason = "no_buffer";
  rates.workers = {0};
  return rates;
}

Rates some() {
  Rates rates;
  rates.vswitches = 2;
  rates.ports = {port("prod", 1, "web", 10, 3000), port("prod", 2, "", 0, 0),
                 port("prod", 3, "db", 2000, 5, 7), port("test", 1, "alice", 100, 100)};
  rates.workers = {{"worker 0 (cpu 1)", 0.5}, {"worker 1 (cpu 3)", 0}};
  return rates;
}

/// The first words of the rows below the heading.
std::vector<std::string> places(TopView view, std::size_t height = 24) {
  std::vector<std::string> all;
  bool rows = false;
  for (const TopLine& line : top_screen(some(), "", view, 120, height)) {
    if (rows) all.push_back(line.text.substr(0, line.text.find(' ')) + line.text.substr(9, 4));
    rows = rows || line.style == TopLine::Style::heading;
  }
  return all;
}

TEST(ShortNumber, HasAtMostFiveCharacters) {
  EXPECT_EQ(short_number(0), "0");
  EXPECT_EQ(short_number(0.5), "0.5");
  EXPECT_EQ(short_number(9.96), "10");
  EXPECT_EQ(short_number(999), "999");
  EXPECT_EQ(short_number(999.9), "1.00k");
  EXPECT_EQ(short_number(12'345), "12.3k");
  EXPECT_EQ(short_number(36'600'000), "36.6M");
  EXPECT_EQ(short_number(160e9), "160G");
  EXPECT_EQ(short_number(2e12), "2.0T");
  for (double value = 0.01; value < 1e13; value *= 1.07) {
    EXPECT_LE(short_number(value).size(), 5u) << value;
  }
}

TEST(TopScreen, ShowsTotalsWorkersAndPorts) {
  TopView view;
  const auto lines = top_screen(some(), "", view, 120, 24);
  EXPECT_THAT(lines[0].text, HasSubstr("2 vswitches, 4 ports, 3 in use"));
  EXPECT_THAT(lines[0].text, HasSubstr("2.11k frames/s"));
  EXPECT_THAT(lines[1].text,
              StartsWith("worker 0 (cpu 1) [||||||||||          ]  50.0%   worker 1"));
  EXPECT_THAT(lines[2].text, StartsWith("3 rows by port"));
  EXPECT_THAT(lines[3].text, StartsWith("VSWITCH  PORT  GUEST"));
  EXPECT_THAT(lines[4].text, HasSubstr("3.00k"));
  EXPECT_THAT(lines[4].text, HasSubstr("50%"));
  EXPECT_EQ(lines[5].style, TopLine::Style::alarm);
  EXPECT_THAT(lines[5].text, HasSubstr("no_buffer"));
}

TEST(TopScreen, OrdersAndFilters) {
  TopView view;
  EXPECT_THAT(places(view), ElementsAre("prod   1", "prod   3", "test   1"));
  view.order = TopView::Order::in;
  EXPECT_THAT(places(view), ElementsAre("prod   3", "test   1", "prod   1"));
  view.order = TopView::Order::out;
  EXPECT_THAT(places(view), ElementsAre("prod   1", "test   1", "prod   3"));
  view.order = TopView::Order::drops;
  EXPECT_THAT(places(view), ElementsAre("prod   3", "prod   1", "test   1"));
  view.order = TopView::Order::guest;
  EXPECT_THAT(places(view), ElementsAre("test   1", "prod   3", "prod   1"));
  view.filter = "db";
  EXPECT_THAT(places(view), ElementsAre("prod   3"));
  view.filter = "prod";
  view.order = TopView::Order::place;
  view.all = true;
  EXPECT_THAT(places(view), ElementsAre("prod   1", "prod   2", "prod   3"));
}

TEST(TopScreen, FitsAnySize) {
  for (std::size_t width = 1; width < 130; width += 7) {
    for (std::size_t height = 1; height < 12; ++height) {
      TopView view;
      view.first = 99;
      const auto lines = top_screen(some(), "no news", view, width, height);
      EXPECT_LE(lines.size(), height);
      for (const TopLine& line : lines) EXPECT_LE(line.text.size(), width);
    }
  }
}

TEST(TopScreen, ScrollsNoFurtherThanItsRows) {
  TopView view;
  view.first = 1;
  EXPECT_THAT(places(view, 6), ElementsAre("prod   3", "test   1"));
  view.first = 99;
  EXPECT_THAT(places(view, 6), ElementsAre("prod   3", "test   1"));
  EXPECT_THAT(places(view), ElementsAre("prod   1", "prod   3", "test   1"));
}

TEST(TopKeys, ChangeTheView) {
  TopView view;
  press(view, 'd', 10);
  EXPECT_EQ(view.order, TopView::Order::drops);
  press(view, ' ', 10);
  EXPECT_TRUE(view.paused);
  press(view, kKeyPageDown, 10);
  press(view, kKeyUp, 10);
  EXPECT_EQ(view.first, 9u);
  press(view, kKeyHome, 10);
  press(view, kKeyUp, 10);
  EXPECT_EQ(view.first, 0u);
  press(view, '?', 10);
  EXPECT_TRUE(view.help);
  press(view, 'i', 10);
  EXPECT_FALSE(view.help);
  EXPECT_EQ(view.order, TopView::Order::drops) << "the key has ended the help, no more";
  EXPECT_FALSE(view.quit);
  press(view, 'q', 10);
  EXPECT_TRUE(view.quit);
}

TEST(TopKeys, TypeAFilter) {
  TopView view;
  for (const int key : {int{'/'}, int{'d'}, int{'q'}, kKeyErase, int{'b'}}) press(view, key, 10);
  EXPECT_TRUE(view.editing);
  EXPECT_FALSE(view.quit);
  press(view, kKeyEnter, 10);
  EXPECT_FALSE(view.editing);
  EXPECT_EQ(view.filter, "db");
  press(view, kKeyEscape, 10);
  EXPECT_EQ(view.filter, "");
}

TEST(TopBatch, IsTheSameAsText) {
  const std::string text = top_batch(some(), {});
  EXPECT_THAT(text, StartsWith("hpvmnet top   2 vswitches"));
  EXPECT_THAT(text, HasSubstr("worker 0 (cpu 1): 50.0% busy\n"));
  EXPECT_EQ(std::ranges::count(text, '\n'), 8);
}

}  // namespace
}  // namespace hpvmnet::cli
