#include <gmock/gmock.h>

#include "cli/event_text.h"
#include "unit/cli/fake_daemon.h"

namespace hpvmnet::cli {
namespace {

using testing::HasSubstr;
using Writer = grpc::ServerWriter<v1::WatchEventsResponse>;

constexpr const char* kEvent = R"(events { sequence: 17 time_ns: 1764124308123456789
    kind: "guest_attached" vswitch: "prod" port: 3 guest: "web" text: "guest web is here" })";

auto say(std::vector<std::string> messages) {
  return [messages = std::move(messages)](grpc::ServerContext*, const v1::WatchEventsRequest*,
                                          Writer* writer) {
    for (const std::string& text : messages) {
      writer->Write(message<v1::WatchEventsResponse>(text));
    }
    return grpc::Status::OK;
  };
}

class Events : public testing::Test {
 protected:
  FakeDaemon daemon_;
};

TEST_F(Events, AreShownALineEach) {
  EXPECT_CALL(daemon_.watches, WatchEvents(_, Says("since_sequence: 0 until_now: true"), _))
      .WillOnce(say({std::string(R"(instance: "5c3f" )") + kEvent}));
  const Outcome outcome = daemon_.run("hpvmnet", {"events"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out,
            "    17  2025-11-26 02:31:48.123  guest_attached         guest web is here\n");
}

TEST_F(Events, CanBeAskedForFromANumberOn) {
  EXPECT_CALL(daemon_.watches,
              WatchEvents(_, Says(R"(since_sequence: 17 instance: "5c3f" vswitches: "prod"
                                  until_now: true)"),
                          _))
      .WillOnce(say({R"(instance: "aaaa" restarted: true gap { first: 1 last: 4 })"}));
  const Outcome outcome = daemon_.run("hpvmnet", {"events", "--since", "5c3f:17", "-S", "prod"});
  EXPECT_THAT(outcome.out, HasSubstr("hpvmnetd has been restarted"));
  EXPECT_THAT(outcome.out, HasSubstr("events 1 to 4 are lost"));
}

TEST_F(Events, AreObjectsForPrograms) {
  EXPECT_CALL(daemon_.watches, WatchEvents(_, _, _))
      .WillOnce(say({R"(instance: "5c3f" gap { first: 1 last: 4 })", kEvent}));
  const Outcome outcome = daemon_.run("hpvmnet", {"events", "--json"});
  EXPECT_THAT(outcome.out, HasSubstr("{\"instance\":\"5c3f\",\"restarted\":false}\n"
                                     "{\"gap\":{\"first\":\"1\",\"last\":\"4\"}}\n"
                                     "{\"sequence\":\"17\""));
}

TEST_F(Events, NeedANumber) {
  const Outcome outcome = daemon_.run("hpvmnet", {"events", "--since", "soon"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("--since takes the number of an event"));
}

TEST_F(Events, ErrorsOfTheDaemonComeThrough) {
  EXPECT_CALL(daemon_.watches, WatchEvents(_, _, _))
      .WillOnce(refuse(grpc::StatusCode::RESOURCE_EXHAUSTED, "128 clients watch already"));
  const Outcome outcome = daemon_.run("hpvmnet", {"events"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, HasSubstr("128 clients watch already"));
}

class Top : public testing::Test {
 protected:
  FakeDaemon daemon_;
};

TEST_F(Top, IsTextWhereThereIsNoTerminal) {
  EXPECT_CALL(daemon_.watches, WatchCounters(_, Says(R"(interval_ms: 500 vswitches: "prod")"), _))
      .WillOnce([](auto*, auto*, auto* writer) {
        for (const char* text : {R"(time_ns: 1 vswitches { name: "prod" ports { number: 3 } })",
                                 R"(time_ns: 1000000001 vswitches { name: "prod" ports { number: 3
                                    active: true counters { ingress_frames: 120 } } })"}) {
          writer->Write(message<v1::WatchCountersResponse>(text));
        }
        return grpc::Status::OK;
      });
  const Outcome outcome = daemon_.run("hpvmnet", {"top", "-S", "prod", "--interval", "0.5"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("prod        3  -"));
  EXPECT_THAT(outcome.out, HasSubstr("120"));
}

TEST_F(Top, NeedsAnIntervalOfATenthOfASecondAtLeast) {
  for (const char* interval : {"0.09", "x", "", "nan", "1e9"}) {
    EXPECT_EQ(daemon_.run("hpvmnet", {"top", "--interval", interval}).status, 2) << interval;
  }
}

}  // namespace
}  // namespace hpvmnet::cli
