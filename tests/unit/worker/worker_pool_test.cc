#include "worker/worker_pool.h"

#include <cstring>
#include <thread>

#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <sys/resource.h>

namespace hpvmnet {
namespace {

using namespace std::chrono_literals;

// A port whose frames are tokens that a test puts in; it counts what it is sent.
class TokenPort final : public Port {
 public:
  TokenPort() : wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

  int wake() const { return wake_.get(); }
  void put(std::uint64_t tokens) {
    tokens_.fetch_add(tokens, std::memory_order_seq_cst);
    if (!wants_kick_.load(std::memory_order_seq_cst)) return;
    const std::uint64_t one = 1;
    ASSERT_EQ(::write(wake_.get(), &one, sizeof one), 8);
  }
  std::uint64_t sent() const { return sent_.load(); }
  std::uint64_t left() const { return tokens_.load(); }

  void receive(QueueId, Burst& burst, Tally&) noexcept override {
    wants_kick_.store(false, std::memory_order_seq_cst);
    lent_ = std::min<std::uint64_t>(tokens_.load(), Burst::kCapacity);
    for (std::uint64_t i = 0; i < lent_; ++i) {
      Frame& frame = burst.next();
      frame.set_contiguous(60, nullptr);
      std::memset(frame.head.data(), 0, 60);
      std::memset(frame.head.data(), 0xff, 6);
      frame.head[6] = std::byte{2};
      burst.push();
    }
  }
  void release(QueueId) noexcept override { tokens_.fetch_sub(std::exchange(lent_, 0)); }
  void send(std::span<const Frame* const> frames, Tally&) noexcept override {
    sent_.fetch_add(frames.size());
  }
  Wait park(QueueId) noexcept override {
    wants_kick_.store(true, std::memory_order_seq_cst);
    return tokens_.load(std::memory_order_seq_cst) == 0 ? Wait::input : Wait::nothing;
  }

 private:
  Fd wake_;
  std::atomic<std::uint64_t> tokens_{0};
  std::atomic<std::uint64_t> sent_{0};
  std::atomic<bool> wants_kick_{false};
  std::uint64_t lent_ = 0;
};

// Two ports on a vswitch, one queue each, spread over the pool's workers.
class WorkerPoolTest : public testing::TestWithParam<std::tuple<unsigned, SpinTime>> {
 protected:
  void SetUp() override {
    const auto [workers, spin] = GetParam();
    auto pool = WorkerPool::start(std::vector<std::optional<unsigned>>(workers), spin);
    ASSERT_TRUE(pool);
    pool_ = std::move(*pool);
    for (std::size_t i = 0; i < 2; ++i) {
      tallies_[i] = std::make_unique<Tally[]>(workers);
      ASSERT_TRUE(
          pool_->watch(i % workers, static_cast<std::uint32_t>(i / workers), ports_[i].wake()));
    }
    publish(true);
  }

  void publish(bool attached) {
    auto vswitch = std::make_shared<VswitchView>();
    vswitch->up = true;
    vswitch->macs = &macs_;
    vswitch->index_of.fill(VswitchView::kAbsent);
    auto view = std::make_unique<View>();
    view->version = ++version_;
    view->queues.resize(pool_->size());
    for (std::uint16_t i = 0; attached && i < 2; ++i) {
      vswitch->index_of[i] = i;
      vswitch->ports.push_back({&ports_[i], tallies_[i].get(), i, kNoVlan});
      view->queues[i % pool_->size()].push_back({vswitch.get(), i, 0, ports_[i].wake()});
    }
    view->vswitches.push_back(vswitch);
    pool_->publish(std::move(view));
  }

  bool wait_until(auto condition) {
    for (const auto end = std::chrono::steady_clock::now() + 20s;
         std::chrono::steady_clock::now() < end; std::this_thread::sleep_for(1ms)) {
      if (condition()) return true;
    }
    return false;
  }

  MacTable macs_{1};
  std::array<TokenPort, 2> ports_;
  std::array<std::unique_ptr<Tally[]>, 2> tallies_;
  std::uint64_t version_ = 0;
  std::unique_ptr<WorkerPool> pool_;
};

TEST_P(WorkerPoolTest, ForwardsWhatArrivesAtAnyMomentWithoutALostWakeUp) {
  constexpr std::uint64_t kFrames = 20'000;
  std::thread other([&] {
    for (std::uint64_t i = 0; i < kFrames; ++i) ports_[1].put(1);
  });
  for (std::uint64_t i = 0; i < kFrames; ++i) {
    ports_[0].put(1);
    if (i % 1000 == 0) std::this_thread::sleep_for(200us);  // long enough to fall asleep
  }
  other.join();
  EXPECT_TRUE(wait_until([&] {
    return ports_[1].sent() == kFrames && ports_[0].sent() == kFrames;
  })) << ports_[1].sent()
      << " and " << ports_[0].sent() << " of " << kFrames;
}

TEST_P(WorkerPoolTest, ReplacesTheViewUnderTrafficAndNeverVisitsAPortThatIsGone) {
  for (int i = 0; i < 200; ++i) {
    ports_[0].put(100);
    publish(false);
    const std::uint64_t left = ports_[0].left();
    std::this_thread::sleep_for(50us);
    EXPECT_EQ(ports_[0].left(), left);
    publish(true);
  }
  EXPECT_TRUE(wait_until([&] { return ports_[1].sent() == 200 * 100; })) << ports_[1].sent();
}

TEST_P(WorkerPoolTest, SynchronizeReturnsWhetherWorkersSleepOrWork) {
  for (int i = 0; i < 200; ++i) {
    if (i % 10 == 0) ports_[0].put(10);
    pool_->synchronize();
  }
}

TEST_P(WorkerPoolTest, CountsTheTimeInWhichFramesMove) {
  const auto before = pool_->loads();
  std::this_thread::sleep_for(20ms);
  const auto idle = pool_->loads();
  ASSERT_EQ(idle.size(), pool_->size());
  for (std::size_t worker = 0; worker < idle.size(); ++worker) {
    EXPECT_EQ(idle[worker].busy, before[worker].busy);
    EXPECT_GE(idle[worker].total - before[worker].total, 20ms);
  }
  const auto busy = [&] { return pool_->loads()[0].busy; };
  ports_[0].put(1'000'000);
  ASSERT_TRUE(wait_until([&] { return ports_[0].left() == 0; }));
  ASSERT_TRUE(wait_until([&] { return busy() > idle[0].busy; }));
  std::this_thread::sleep_for(1ms);  // the worker notes the time once more, after the last burst
  const auto after = pool_->loads();
  EXPECT_LT(after[0].busy, after[0].total);
  std::this_thread::sleep_for(20ms);
  EXPECT_EQ(busy(), after[0].busy) << "it has been idle since";
}

TEST_P(WorkerPoolTest, AnIdlePoolUsesNoProcessorUnlessItIsToldToSpin) {
  if (std::get<1>(GetParam()) == kSpinForever) return;
  ports_[0].put(1);
  ASSERT_TRUE(wait_until([&] { return ports_[1].sent() == 1; }));
  std::this_thread::sleep_for(20ms);
  rusage before{}, after{};
  ::getrusage(RUSAGE_SELF, &before);
  std::this_thread::sleep_for(100ms);
  ::getrusage(RUSAGE_SELF, &after);
  EXPECT_LE(after.ru_nvcsw - before.ru_nvcsw, 5) << "voluntary context switches while idle";
}

INSTANTIATE_TEST_SUITE_P(All, WorkerPoolTest,
                         testing::Combine(testing::Values(1u, 2u),
                                          testing::Values(SpinTime(0), SpinTime(50),
                                                          kSpinForever)));

}  // namespace
}  // namespace hpvmnet
