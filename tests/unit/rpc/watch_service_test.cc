#include <future>
#include <set>

#include "control/event_journal.h"
#include "hpvmnet/v1/watch.grpc.pb.h"
#include "unit/rpc/served.h"

namespace hpvmnet {
namespace {

using grpc::StatusCode;
using testing::_;
using testing::HasSubstr;
using testing::Return;
using testing::ReturnRef;

/// Outlives the server.
class WithJournal {
 protected:
  EventJournal journal_{7, 100};
};

class WatchServiceTest : protected WithJournal, public ServedTest {
 protected:
  using Events = std::unique_ptr<grpc::ClientReader<v1::WatchEventsResponse>>;

  WatchServiceTest() { EXPECT_CALL(commands_, events()).WillRepeatedly(ReturnRef(journal_)); }

  void publish(unsigned count, const std::string& vswitch = "prod") {
    std::promise<void> done;
    loop_.post([&] {
      for (unsigned i = 0; i < count; ++i) {
        journal_.publish({.kind = EventKind::guest_attached, .vswitch = vswitch, .port = 3});
      }
      done.set_value();
    });
    done.get_future().get();
  }

  /// The numbers of the events, up to `last`; gaps are noted.
  std::vector<std::uint64_t> read_until(grpc::ClientReader<v1::WatchEventsResponse>& reader,
                                        std::uint64_t last) {
    std::vector<std::uint64_t> numbers;
    v1::WatchEventsResponse response;
    while ((numbers.empty() || numbers.back() < last) && reader.Read(&response)) {
      if (response.has_gap()) gaps_.emplace_back(response.gap().first(), response.gap().last());
      for (const v1::Event& event : response.events()) numbers.push_back(event.sequence());
    }
    return numbers;
  }

  static v1::WatchEventsRequest since(std::uint64_t sequence, const std::string& instance = "") {
    v1::WatchEventsRequest request;
    request.set_since_sequence(sequence);
    request.set_instance(instance);
    return request;
  }

  std::unique_ptr<v1::WatchService::Stub> reader_ = look<v1::WatchService>();
  std::vector<std::pair<std::uint64_t, std::uint64_t>> gaps_;
};

std::vector<std::uint64_t> numbers(std::uint64_t first, std::uint64_t last) {
  std::vector<std::uint64_t> all;
  for (std::uint64_t number = first; number <= last; ++number) all.push_back(number);
  return all;
}

TEST_F(WatchServiceTest, GivesWhatWasMissedAndWhatComes) {
  publish(5);
  Call call;
  const auto events = reader_->WatchEvents(&call, since(2));
  EXPECT_EQ(read_until(*events, 5), numbers(3, 5));
  publish(2);
  EXPECT_EQ(read_until(*events, 7), numbers(6, 7));
  call.TryCancel();
}

TEST_F(WatchServiceTest, TheFirstMessageComesAtOnceWithTheInstance) {
  Call call;
  const auto events = reader_->WatchEvents(&call, v1::WatchEventsRequest());
  v1::WatchEventsResponse first;
  ASSERT_TRUE(events->Read(&first));
  EXPECT_EQ(first.instance(), journal_.instance());
  EXPECT_FALSE(first.restarted());
  call.TryCancel();
}

TEST_F(WatchServiceTest, AnotherInstanceIsTold) {
  publish(3);
  for (const auto& request : {since(2, "00000000000000aa"), since(99)}) {
    Call call;
    const auto events = reader_->WatchEvents(&call, request);
    v1::WatchEventsResponse first;
    ASSERT_TRUE(events->Read(&first));
    EXPECT_TRUE(first.restarted());
    ASSERT_EQ(first.events_size(), 3);
    EXPECT_EQ(first.events(0).sequence(), 1u);
    call.TryCancel();
  }
}

TEST_F(WatchServiceTest, WhatTheJournalHasForgottenIsTold) {
  publish(250);
  Call call;
  const auto events = reader_->WatchEvents(&call, since(10));
  EXPECT_EQ(read_until(*events, 250), numbers(151, 250));
  EXPECT_EQ(gaps_, (std::vector<std::pair<std::uint64_t, std::uint64_t>>{{11, 150}}));
  call.TryCancel();
}

TEST_F(WatchServiceTest, EndsWhereOnlyThePastIsAskedFor) {
  publish(70);
  publish(70, "other");
  for (const char* vswitch : {"prod", "nobody"}) {
    Call call;
    auto request = since(40);
    request.set_until_now(true);
    request.add_vswitches(vswitch);
    const auto events = reader_->WatchEvents(&call, request);
    const auto told = read_until(*events, ~std::uint64_t{0});
    EXPECT_EQ(told, vswitch == std::string("prod") ? numbers(41, 70) : numbers(1, 0));
    EXPECT_TRUE(events->Finish().ok());
  }
}

TEST_F(WatchServiceTest, ManyWatchWhileOthersCall) {
  constexpr std::size_t kWatchers = 60;  // more than there are threads
  std::vector<std::unique_ptr<Call>> calls;
  std::vector<Events> streams;
  for (std::size_t i = 0; i < kWatchers; ++i) {
    calls.push_back(std::make_unique<Call>());
    streams.push_back(reader_->WatchEvents(calls.back().get(), since(0)));
  }
  publish(50);
  for (const Events& stream : streams) EXPECT_EQ(read_until(*stream, 50), numbers(1, 50));
  for (const auto& call : calls) call->TryCancel();
}

TEST_F(WatchServiceTest, RefusesMoreThanThereMayBe) {
  std::vector<std::unique_ptr<Call>> calls;
  std::vector<Events> streams;
  v1::WatchEventsResponse first;
  for (std::size_t i = 0; i < 128; ++i) {
    calls.push_back(std::make_unique<Call>());
    streams.push_back(reader_->WatchEvents(calls.back().get(), since(0)));
    ASSERT_TRUE(streams.back()->Read(&first)) << i;
  }
  Call one_more;
  const auto refused = reader_->WatchEvents(&one_more, since(0));
  EXPECT_FALSE(refused->Read(&first));
  EXPECT_EQ(refused->Finish().error_code(), StatusCode::RESOURCE_EXHAUSTED);
  for (const auto& call : calls) call->TryCancel();
}

TEST_F(WatchServiceTest, StreamsEndWithTheServer) {
  Call call;
  const auto events = reader_->WatchEvents(&call, since(0));
  v1::WatchEventsResponse response;
  ASSERT_TRUE(events->Read(&response));
  loop_.post([this] { server_.reset(); });
  EXPECT_FALSE(events->Read(&response));
  EXPECT_EQ(events->Finish().error_code(), StatusCode::UNAVAILABLE);
}

TEST_F(WatchServiceTest, SamplesCounters) {
  VswitchTraffic prod{.name = "prod", .ports = {}};
  prod.ports.push_back({.number = 3,
                        .guest = "web",
                        .adaptor = "lan",
                        .active = true,
                        .workers = {1},
                        .counters = {}});
  prod.ports[0].counters.ingress_frames = 42;
  EXPECT_CALL(commands_, traffic(std::vector<std::string>{"prod"}))
      .WillRepeatedly(Return(std::vector{prod}));
  EXPECT_CALL(commands_, workers())
      .WillRepeatedly(Return(std::vector<WorkerStatus>{{.cpu = 2, .busy_ns = 5, .total_ns = 9}}));
  Call call;
  v1::WatchCountersRequest request;
  request.set_interval_ms(100);
  request.add_vswitches("prod");
  const auto samples = reader_->WatchCounters(&call, request);
  v1::WatchCountersResponse first;
  v1::WatchCountersResponse second;
  ASSERT_TRUE(samples->Read(&first));
  ASSERT_TRUE(samples->Read(&second));
  EXPECT_EQ(first.vswitches(0).ports(0).counters().ingress_frames(), 42u);
  EXPECT_EQ(first.workers(0).cpu(), 2u);
  EXPECT_GE(second.time_ns() - first.time_ns(), 90'000'000u);
  call.TryCancel();
}

TEST_F(WatchServiceTest, RefusesTooShortAnInterval) {
  Call call;
  v1::WatchCountersRequest request;
  request.set_interval_ms(99);
  const auto samples = reader_->WatchCounters(&call, request);
  v1::WatchCountersResponse response;
  EXPECT_FALSE(samples->Read(&response));
  const grpc::Status status = samples->Finish();
  EXPECT_EQ(status.error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), HasSubstr("100 ms"));
}

}  // namespace
}  // namespace hpvmnet
