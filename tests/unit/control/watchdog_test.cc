#include "control/watchdog.h"

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/eventfd.h>

#include "base/fd.h"
#include "control/loop.h"

namespace hpvmnet {
namespace {

using namespace std::chrono_literals;

// A port that keeps its worker in receive() while it is told to.
class HoldingPort final : public Port {
 public:
  void hold() { held_ = true; }
  void let_go() { held_ = false; }
  bool holds() const { return holds_; }
  int wake() const { return wake_.get(); }

  void receive(QueueId, Burst&, Tally&) noexcept override {
    while (held_) {
      holds_ = true;
      std::this_thread::sleep_for(100us);
    }
    holds_ = false;
  }
  void release(QueueId) noexcept override {}
  void send(std::span<const Frame* const>, Tally&) noexcept override {}
  Wait park(QueueId) noexcept override { return held_ ? Wait::nothing : Wait::input; }

 private:
  const Fd wake_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
  std::atomic<bool> held_ = false;
  std::atomic<bool> holds_ = false;
};

// Two workers; the second has a queue of the port.
class WatchdogTest : public testing::TestWithParam<SpinTime> {
 protected:
  WatchdogTest() : pool_(WorkerPool::start(kWorkers, GetParam()).value()) {
    vswitch_->macs = &macs_;
    vswitch_->index_of.fill(VswitchView::kAbsent);
    vswitch_->ports.push_back({&port_, tallies_.get(), 0, kNoVlan});
    vswitch_->index_of[0] = 0;
    auto view = std::make_unique<View>();
    view->version = 1;
    view->vswitches.push_back(vswitch_);
    view->queues.resize(kWorkers.size());
    view->queues[1].push_back({vswitch_.get(), 0, 0, port_.wake()});
    EXPECT_TRUE(pool_->watch(1, 0, port_.wake()));
    pool_->publish(std::move(view));
  }
  ~WatchdogTest() override {
    port_.let_go();
    pool_.reset();
  }

  void signal() {
    const std::uint64_t one = 1;
    ASSERT_EQ(::write(port_.wake(), &one, sizeof one), 8);
  }

  // How often the daemon was said to be alive while the loop ran for that long.
  int signs_of_life(std::chrono::milliseconds time) {
    alive_ = 0;
    Loop loop;
    const Watchdog watchdog(loop, *pool_, kPatience, [this] { ++alive_; });
    const auto end = loop.after(time, [&] { loop.stop(); });
    loop.run();
    return alive_;
  }

  const std::vector<std::optional<unsigned>> kWorkers{std::nullopt, std::nullopt};
  static constexpr std::chrono::milliseconds kPatience{40};

  MacTable macs_{1};
  HoldingPort port_;
  std::unique_ptr<Tally[]> tallies_ = std::make_unique<Tally[]>(2);
  std::shared_ptr<VswitchView> vswitch_ = std::make_shared<VswitchView>();
  std::unique_ptr<WorkerPool> pool_;
  int alive_ = 0;
};

TEST_P(WatchdogTest, WorkersThatSleepOrSpinAreAlive) { EXPECT_GT(signs_of_life(400ms), 2); }

TEST_P(WatchdogTest, OneWorkerThatIsStuckSilencesItAndTheFirstRoundAfterwardsEndsThat) {
  port_.hold();
  signal();
  while (!port_.holds()) std::this_thread::sleep_for(100us);
  EXPECT_EQ(signs_of_life(400ms), 0);
  port_.let_go();
  EXPECT_GT(signs_of_life(400ms), 2);
}

INSTANTIATE_TEST_SUITE_P(Spin, WatchdogTest, testing::Values(SpinTime(0), kSpinForever));

}  // namespace
}  // namespace hpvmnet
