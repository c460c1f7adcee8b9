#include "rpc/gate.h"

#include <atomic>
#include <optional>
#include <string>
#include <thread>

#include <gmock/gmock.h>

#include "unit/rpc/collected_audit.h"
#include "unit/rpc/mock_commands.h"

namespace hpvmnet {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Return;

const Gate::Deadline kNever = Gate::Deadline::max();
const Asked kCall{kNever, "", {}, "DeleteVswitch", "name: \"blue\""};
Gate::Deadline in(std::chrono::milliseconds delay) {
  return std::chrono::system_clock::now() + delay;
}

class GateTest : public testing::Test {
 protected:
  ~GateTest() override { loop_.stop(); }

  // From here on the loop runs, until the end of the test.
  void run_loop() {
    control_ = std::jthread([this] { loop_.run(); });
  }

  Loop loop_;
  testing::StrictMock<MockCommands> commands_;
  LocalCallers administrators_{"control.sock", Access::administer};
  LocalCallers observers_{"read.sock", Access::look};
  CollectedAudit audit_;
  Gate gate_{loop_, commands_, administrators_, audit_};
  std::jthread control_;
};

TEST_F(GateTest, AVisitRunsOnTheControlThreadAndItsResultComesBack) {
  run_loop();
  std::thread::id where;
  EXPECT_CALL(commands_, delete_vswitch(IsVswitch("blue")))
      .WillOnce(Return(fail(ErrorCode::not_found, "no blue")));
  const Status status =
      gate_.change(kCall, Result<VswitchName>(VswitchName{.name = "blue", .number = 0}),
                   [&](Commands& commands, const VswitchName& which) {
                     where = std::this_thread::get_id();
                     return commands.delete_vswitch(which);
                   });
  EXPECT_EQ(where, control_.get_id());
  EXPECT_EQ(status.error(), (Error{ErrorCode::not_found, "no blue"}));
}

TEST_F(GateTest, ChangesAndRefusalsAreRecorded) {
  run_loop();
  Gate readers(loop_, commands_, observers_, audit_);
  const Result<int> arguments(1);
  const auto visit = [](Commands&, int) { return Status(); };
  EXPECT_TRUE(gate_.change(kCall, arguments, visit));
  EXPECT_FALSE(readers.change(kCall, arguments, visit));
  EXPECT_FALSE(gate_.change(kCall, Result<int>(fail(ErrorCode::invalid_argument, "bad")), visit));
  EXPECT_TRUE(gate_.look(kNever, [](const Commands&) { return Status(); }));
  const auto records = audit_.records();
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(records[0].who, "control.sock");
  EXPECT_EQ(records[0].call.method, "DeleteVswitch");
  EXPECT_EQ(records[0].refusal, std::nullopt);
  EXPECT_EQ(records[1].who, "read.sock");
  EXPECT_EQ(records[1].refusal->code, ErrorCode::permission_denied);
  EXPECT_EQ(records[2].refusal->text, "bad");
}

TEST_F(GateTest, ArgumentsThatCouldNotBeReadMakeNoVisit) {
  run_loop();
  const Result<std::string> unreadable = fail(ErrorCode::invalid_argument, "unreadable");
  bool visited = false;
  const auto visit = [&](const Commands&, const std::string&) {
    visited = true;
    return Status();
  };
  EXPECT_EQ(gate_.look(kNever, unreadable, visit).error().text, "unreadable");
  EXPECT_EQ(gate_.change(kCall, unreadable, visit).error().text, "unreadable");
  EXPECT_FALSE(visited);
}

TEST_F(GateTest, WhoMayOnlyLookIsRefusedEachChangeWhateverTheArguments) {
  run_loop();
  Gate readers(loop_, commands_, observers_, audit_);
  const Result<std::string> unreadable = fail(ErrorCode::invalid_argument, "unreadable");
  bool visited = false;
  for (const auto& arguments : {Result<std::string>("fine"), unreadable}) {
    const Status status = readers.change(kCall, arguments, [&](Commands&, const std::string&) {
      visited = true;
      return Status();
    });
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ErrorCode::permission_denied);
    EXPECT_THAT(status.error().text, HasSubstr("control.sock"));
  }
  EXPECT_FALSE(visited);
  EXPECT_TRUE(readers.look(kNever, [](const Commands&) { return Status(); }));
}

TEST_F(GateTest, AVisitThatDidNotBeginInTimeNeverDoes) {
  std::atomic<bool> visited = false;
  const Status late = gate_.look(in(20ms), [&](const Commands&) {
    visited = true;
    return Status();
  });
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::unavailable);
  EXPECT_THAT(late.error().text, HasSubstr("nothing has changed"));
  run_loop();
  EXPECT_TRUE(gate_.look(kNever, [](const Commands&) { return Status(); }));  // ran after it
  EXPECT_FALSE(visited);
}

TEST_F(GateTest, AVisitThatHasBegunIsWaitedForEvenPastTheDeadline) {
  run_loop();
  const Result<int> value = gate_.look(in(20ms), [&](const Commands&) {
    std::this_thread::sleep_for(100ms);
    return Result<int>(7);
  });
  EXPECT_EQ(value.value(), 7);
}

TEST_F(GateTest, ClosingEndsWhatWaitsAndAllThatComes) {
  const std::jthread closer([this] {
    std::this_thread::sleep_for(20ms);
    gate_.close();
  });
  for (int i = 0; i < 2; ++i) {
    const Status status = gate_.look(kNever, [](const Commands&) { return Status(); });
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ErrorCode::unavailable);
    EXPECT_THAT(status.error().text, HasSubstr("stopping"));
  }
}

TEST_F(GateTest, AbandonedVisitsMayOutliveTheGate) {
  {
    Gate gate(loop_, commands_, observers_, audit_);
    EXPECT_FALSE(gate.look(in(1ms), [](const Commands&) { return Status(); }));
  }
  run_loop();
  EXPECT_TRUE(gate_.look(kNever, [](const Commands&) { return Status(); }));
}

TEST_F(GateTest, ManyCallersEachGetTheirOwnResult) {
  run_loop();
  std::atomic<int> right = 0;
  {
    std::vector<std::jthread> callers;
    for (int caller = 0; caller < 8; ++caller) {
      callers.emplace_back([&, caller] {
        for (int i = 0; i < 200; ++i) {
          const int sent = caller * 1000 + i;
          const auto got = gate_.look(kNever, [&](const Commands&) { return Result<int>(sent); });
          if (got.value() == sent) ++right;
        }
      });
    }
  }
  EXPECT_EQ(right, 8 * 200);
}

}  // namespace
}  // namespace hpvmnet
