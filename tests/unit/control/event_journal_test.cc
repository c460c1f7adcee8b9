#include "control/event_journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hpvmnet {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Event event(std::string text) {
  return {.kind = EventKind::configuration_changed, .text = std::move(text)};
}

std::vector<std::string> texts(const std::vector<Event>& events) {
  std::vector<std::string> all;
  for (const Event& one : events) all.push_back(one.text);
  return all;
}

TEST(EventJournal, NumbersEventsFromOneAndNotesTheTime) {
  EventJournal journal(1);
  EXPECT_EQ(journal.newest(), 0u);
  EXPECT_EQ(journal.oldest(), 1u);
  const auto before = std::chrono::system_clock::now();
  journal.publish(event("a"));
  journal.publish(event("b"));
  const auto events = journal.since(0);
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].sequence, 1u);
  EXPECT_EQ(events[1].sequence, 2u);
  EXPECT_GE(events[0].time, before);
  EXPECT_LE(events[1].time, std::chrono::system_clock::now());
  EXPECT_EQ(journal.newest(), 2u);
}

TEST(EventJournal, GivesWhatCameAfterANumber) {
  EventJournal journal(1);
  for (const char* text : {"a", "b", "c"}) journal.publish(event(text));
  EXPECT_THAT(texts(journal.since(0)), ElementsAre("a", "b", "c"));
  EXPECT_THAT(texts(journal.since(2)), ElementsAre("c"));
  EXPECT_THAT(texts(journal.since(0, 2)), ElementsAre("a", "b"));
  EXPECT_THAT(journal.since(3), IsEmpty());
  EXPECT_THAT(journal.since(99), IsEmpty());
  EXPECT_THAT(journal.since(~std::uint64_t{0}), IsEmpty());
}

TEST(EventJournal, KeepsTheNewest) {
  EventJournal journal(1, 3);
  for (const char* text : {"a", "b", "c", "d", "e"}) journal.publish(event(text));
  EXPECT_EQ(journal.oldest(), 3u);
  EXPECT_THAT(texts(journal.since(0)), ElementsAre("c", "d", "e"));
  EXPECT_THAT(texts(journal.since(1, 1)), ElementsAre("c"));
  EXPECT_THAT(texts(journal.since(3)), ElementsAre("d", "e"));
}

TEST(EventJournal, TellsInstancesApart) {
  EXPECT_EQ(EventJournal(0xabc).instance(), "0000000000000abc");
  EXPECT_NE(EventJournal(1).instance(), EventJournal(2).instance());
}

TEST(EventJournal, TellsSubscribers) {
  EventJournal journal(1);
  journal.publish(event("before"));
  std::vector<std::string> first;
  std::vector<std::string> second;
  auto one = journal.subscribe([&](const Event& told) { first.push_back(told.text); });
  const auto two = journal.subscribe([&](const Event& told) { second.push_back(told.text); });
  journal.publish(event("a"));
  one.reset();
  journal.publish(event("b"));
  EXPECT_THAT(first, ElementsAre("a"));
  EXPECT_THAT(second, ElementsAre("a", "b"));
}

TEST(EventJournal, SubscriptionsMayEndAndBeginInTheirCalls) {
  EventJournal journal(1);
  unsigned ended = 0;
  unsigned begun = 0;
  std::unique_ptr<EventJournal::Subscription> next;
  std::unique_ptr<EventJournal::Subscription> own;
  own = journal.subscribe([&](const Event&) {
    own.reset();
    ++ended;
    next = journal.subscribe([&](const Event&) { ++begun; });
  });
  journal.publish(event("a"));
  EXPECT_EQ(begun, 0u) << "it is older than the subscription";
  journal.publish(event("b"));
  EXPECT_EQ(ended, 1u);
  EXPECT_EQ(begun, 1u);
}

TEST(EventKinds, HaveNames) {
  EXPECT_EQ(name_of(EventKind::daemon_started), "daemon_started");
  EXPECT_EQ(name_of(EventKind::link_back), "link_back");
}

}  // namespace
}  // namespace hpvmnet
