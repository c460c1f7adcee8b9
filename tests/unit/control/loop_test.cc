#include "control/loop.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/fd.h"

namespace hpvmnet {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

// Ends a test that would otherwise wait for ever.
class LoopTest : public testing::Test {
 protected:
  void run() {
    const auto limit = loop_.after(10s, [this] {
      ADD_FAILURE() << "timed out";
      loop_.stop();
    });
    loop_.run();
  }

  Loop loop_;
};

TEST_F(LoopTest, TasksRunInTheOrderInWhichTheyWerePosted) {
  std::vector<int> ran;
  for (int i = 0; i < 5; ++i) loop_.post([&ran, i] { ran.push_back(i); });
  loop_.stop();
  run();
  EXPECT_THAT(ran, ElementsAre(0, 1, 2, 3, 4));
}

TEST_F(LoopTest, TasksOfOtherThreadsRunOnTheControlThread) {
  constexpr int kThreads = 4;
  constexpr int kTasks = 1000;
  int ran = 0;  // not atomic: one thread alone touches it
  bool elsewhere = false;
  const auto control = std::this_thread::get_id();
  std::vector<std::jthread> threads;
  std::atomic<int> running = kThreads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kTasks; ++i) {
        loop_.post([&] {
          ++ran;
          elsewhere |= std::this_thread::get_id() != control;
        });
      }
      if (--running == 0) loop_.stop();
    });
  }
  run();
  EXPECT_EQ(ran, kThreads * kTasks);
  EXPECT_FALSE(elsewhere);
}

TEST_F(LoopTest, ATaskThatIsPostedByATaskRunsAfterThoseThatWait) {
  std::vector<int> ran;
  loop_.post([&] {
    ran.push_back(1);
    loop_.post([&] {
      ran.push_back(3);
      loop_.stop();
    });
  });
  loop_.post([&] { ran.push_back(2); });
  run();
  EXPECT_THAT(ran, ElementsAre(1, 2, 3));
}

TEST_F(LoopTest, WhatComesAfterStopIsDestroyedWithoutRunning) {
  const auto held = std::make_shared<int>();
  bool ran = false;
  loop_.stop();
  loop_.post([held, &ran] { ran = true; });
  run();
  EXPECT_EQ(held.use_count(), 1);
  loop_.post([held, &ran] { ran = true; });
  EXPECT_EQ(held.use_count(), 1);
  EXPECT_FALSE(ran);
}

TEST_F(LoopTest, ATaskIsDestroyedAsSoonAsItHasRun) {
  const auto held = std::make_shared<int>();
  long seen = 0;
  loop_.post([held] {});
  loop_.post([&] { seen = held.use_count(); });
  loop_.stop();
  run();
  EXPECT_EQ(seen, 1);
}

TEST_F(LoopTest, AReadableDescriptorCallsUntilItIsRead) {
  const Fd events(::eventfd(3, EFD_NONBLOCK | EFD_SEMAPHORE));
  int calls = 0;
  const auto watch = loop_.watch_readable(events.get(), [&] {
    eventfd_t value = 0;
    ::eventfd_read(events.get(), &value);
    if (++calls == 3) loop_.stop();
  });
  run();
  EXPECT_EQ(calls, 3);
}

TEST_F(LoopTest, AWatchMayEndInItsOwnCallbackWhichKeepsWhatItHolds) {
  const Fd events(::eventfd(1, EFD_NONBLOCK));
  const auto held = std::make_shared<int>(7);
  std::unique_ptr<Watch> watch;
  int seen = 0;
  watch = loop_.watch_readable(events.get(), [&, held] {
    watch.reset();
    seen = *held;  // the callback itself is still alive
    loop_.stop();
  });
  run();
  EXPECT_EQ(seen, 7);
  EXPECT_EQ(held.use_count(), 1);
}

TEST_F(LoopTest, TimersMayEndInTheirOwnCallback) {
  std::unique_ptr<Watch> once;
  std::unique_ptr<Watch> again;
  once = loop_.after(1ms, [&] { once.reset(); });
  int calls = 0;
  again = loop_.every(1ms, [&] {
    if (++calls < 3) return;
    again.reset();
    loop_.stop();
  });
  run();
  EXPECT_EQ(once, nullptr);
  EXPECT_EQ(calls, 3);
}

TEST_F(LoopTest, AWatchMayEndBeforeItsTurnComes) {
  const Fd events(::eventfd(1, EFD_NONBLOCK));
  int calls = 0;
  std::unique_ptr<Watch> one;
  std::unique_ptr<Watch> other;
  one = loop_.watch_readable(events.get(), [&] {
    ++calls;
    other.reset();
    one.reset();
    loop_.stop();
  });
  other = loop_.watch_readable(events.get(), [&] {
    ++calls;
    one.reset();
    other.reset();
    loop_.stop();
  });
  run();
  EXPECT_EQ(calls, 1);
}

TEST_F(LoopTest, ATimerCountsFromItsMakingHoweverLongTheCallbackRan) {
  const auto clock = [] { return std::chrono::steady_clock::now(); };
  std::unique_ptr<Watch> timer;
  auto made = clock();
  auto due = made;
  loop_.post([&] {
    std::this_thread::sleep_for(50ms);
    made = clock();
    timer = loop_.after(40ms, [&] {
      due = clock();
      loop_.stop();
    });
  });
  run();
  EXPECT_GE(due - made, 30ms);  // the clock of timers is as coarse as the system's tick
}

TEST_F(LoopTest, ANegativeDelayIsNone) {
  const auto timer = loop_.after(-5ms, [&] { loop_.stop(); });
  run();
}

TEST_F(LoopTest, ASignalOfTheProcessCallsBackWhileItIsWatched) {
  int received = 0;
  auto watch = loop_.watch_signal(SIGUSR1, [&] {
    ++received;
    loop_.stop();
  });
  loop_.post([] { ::kill(::getpid(), SIGUSR1); });
  run();
  EXPECT_EQ(received, 1);
  watch.reset();
  struct sigaction after {};
  ::sigaction(SIGUSR1, nullptr, &after);
  EXPECT_EQ(after.sa_handler, SIG_DFL);
}

TEST_F(LoopTest, ARaisedSignalCallsOnceForSeveralAndAgainWhenRaisedAgain) {
  int calls = 0;
  std::unique_ptr<Signal> signal;
  signal = loop_.make_signal([&] {
    if (++calls == 1) {
      signal->raise();
    } else {
      loop_.stop();
    }
  });
  signal->raise();
  signal->raise();
  run();
  EXPECT_EQ(calls, 2);
}

TEST_F(LoopTest, ASignalMayEndInItsOwnCallbackAndWhileItIsRaised) {
  const auto held = std::make_shared<int>(7);
  int seen = 0;
  std::unique_ptr<Signal> first;
  std::unique_ptr<Signal> second;
  const auto call = [&, held] {
    first.reset();
    second.reset();
    seen += *held;
    loop_.stop();
  };
  first = loop_.make_signal(call);
  second = loop_.make_signal(call);
  first->raise();
  second->raise();
  run();
  EXPECT_EQ(seen, 7);
  EXPECT_EQ(held.use_count(), 2);  // this one and that in `call`
}

TEST_F(LoopTest, ASignalThatEndsWhileItIsRaisedLetsGoOfItsCodeAtOnce) {
  auto held = std::make_shared<int>();
  const std::weak_ptr<int> code = held;
  auto signal = loop_.make_signal([held = std::move(held)] {});
  signal->raise();
  signal.reset();
  EXPECT_TRUE(code.expired());  // a plugin's code may be unloaded from now on
}

TEST_F(LoopTest, ASignalThatIsStillRaisedAtTheEndLeaksNothing) {
  const auto held = std::make_shared<int>();
  {
    Loop loop;
    const auto signal = loop.make_signal([held] {});
    loop.stop();
    loop.run();
    signal->raise();
  }
  EXPECT_EQ(held.use_count(), 1);
}

TEST_F(LoopTest, WhatARaiserWroteBeforeIsSeen) {
  constexpr int kLast = 20000;
  std::atomic<int> written = 0;
  int seen = 0;
  const auto signal = loop_.make_signal([&] {
    seen = written.load(std::memory_order_relaxed);
    if (seen == kLast) loop_.stop();
  });
  const std::jthread raiser([&] {
    for (int i = 1; i <= kLast; ++i) {
      written.store(i, std::memory_order_relaxed);
      signal->raise();
    }
  });
  run();
  EXPECT_EQ(seen, kLast);
}

TEST_F(LoopTest, ThousandsOfSignalsShareOneDescriptor) {
  const Fd before(::eventfd(0, 0));
  int calls = 0;
  std::vector<std::unique_ptr<Signal>> signals;
  for (int i = 0; i < 4096; ++i) {
    signals.push_back(loop_.make_signal([&] {
      if (++calls == 4096) loop_.stop();
    }));
  }
  const Fd after(::eventfd(0, 0));
  EXPECT_EQ(after.get(), before.get() + 1);
  for (const auto& signal : signals) signal->raise();
  run();
  EXPECT_EQ(calls, 4096);
}

}  // namespace
}  // namespace hpvmnet
