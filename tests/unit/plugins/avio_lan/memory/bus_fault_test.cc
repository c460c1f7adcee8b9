#include "avio_lan/memory/bus_fault.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/fd.h"

namespace hpvmnet::avio_lan {
namespace {

constexpr std::size_t kPage = 4096;

/// Mapped memory of a file that can be taken away.
class Memory {
 public:
  explicit Memory(std::size_t pages) : length_(pages * kPage) {
    file_.reset(::memfd_create("guest", MFD_CLOEXEC));
    EXPECT_EQ(::ftruncate(file_.get(), static_cast<off_t>(length_)), 0);
    begin_ = ::mmap(nullptr, length_, PROT_READ | PROT_WRITE, MAP_SHARED, file_.get(), 0);
    EXPECT_NE(begin_, MAP_FAILED);
  }
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  ~Memory() { ::munmap(begin_, length_); }

  void* begin() const { return begin_; }
  std::size_t length() const { return length_; }
  volatile unsigned char& operator[](std::size_t index) const {
    return static_cast<volatile unsigned char*>(begin_)[index];
  }
  void take_away() const { EXPECT_EQ(::ftruncate(file_.get(), 0), 0); }

 private:
  std::size_t length_;
  Fd file_;
  void* begin_;
};

Fd make_event() { return Fd(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)); }

/// How often an event was signalled since the last look.
std::uint64_t signals_of(const Fd& event) {
  std::uint64_t count = 0;
  return ::read(event.get(), &count, sizeof count) == sizeof count ? count : 0;
}

TEST(BusFault, LostMemoryReadsAsZeroes) {
  const Memory memory(4);
  const Fd event = make_event();
  const BusFaultGuard guard(memory.begin(), memory.length(), event.get());
  memory[3 * kPage] = 1;
  memory.take_away();
  EXPECT_EQ(memory[3 * kPage], 0);
  EXPECT_TRUE(guard.lost());
  EXPECT_EQ(signals_of(event), 1U);
}

TEST(BusFault, LostMemoryCanBeWritten) {
  const Memory memory(2);
  const Fd event = make_event();
  const BusFaultGuard guard(memory.begin(), memory.length(), event.get());
  memory.take_away();
  memory[kPage] = 5;
  EXPECT_EQ(memory[kPage], 5);
  EXPECT_TRUE(guard.lost());
}

TEST(BusFault, TheWholeMappingIsReplacedAtOnce) {
  const Memory memory(64);
  const Fd event = make_event();
  const BusFaultGuard guard(memory.begin(), memory.length(), event.get());
  memory.take_away();
  for (std::size_t page = 0; page < 64; ++page) EXPECT_EQ(memory[page * kPage], 0);
  EXPECT_EQ(signals_of(event), 1U);
}

TEST(BusFault, OtherMappingsAreLeftAlone) {
  const Memory lost(1);
  const Memory kept(1);
  const Fd lost_event = make_event();
  const Fd kept_event = make_event();
  const BusFaultGuard first(kept.begin(), kept.length(), kept_event.get());
  const BusFaultGuard second(lost.begin(), lost.length(), lost_event.get());
  kept[0] = 3;
  lost.take_away();
  EXPECT_EQ(lost[0], 0);
  EXPECT_EQ(kept[0], 3);
  EXPECT_FALSE(first.lost());
  EXPECT_EQ(signals_of(kept_event), 0U);
}

TEST(BusFault, TheInterruptedCodeKeepsItsErrno) {
  const Memory memory(1);
  const Fd event(::eventfd(UINT32_MAX, EFD_NONBLOCK | EFD_CLOEXEC));
  const std::uint64_t rest = UINT64_MAX - 1 - UINT32_MAX;
  ASSERT_EQ(::write(event.get(), &rest, sizeof rest), 8) << "full: the handler's write fails";
  const BusFaultGuard guard(memory.begin(), memory.length(), event.get());
  memory.take_away();
  errno = 12345;
  memory[0] = 1;
  EXPECT_EQ(errno, 12345);
  EXPECT_TRUE(guard.lost());
}

// Threads copy out of memory that vanishes under them, while guards come and go.
TEST(BusFault, ManyThreadsSurvive) {
  constexpr int kRounds = 50;
  const Fd event = make_event();
  std::atomic<bool> stop{false};
  std::thread others([&] {
    while (!stop.load()) {
      const Memory memory(1);
      const BusFaultGuard guard(memory.begin(), memory.length(), event.get());
    }
  });
  for (int round = 0; round < kRounds; ++round) {
    const Memory memory(16);
    const BusFaultGuard guard(memory.begin(), memory.length(), event.get());
    std::atomic<int> touched{0};
    std::vector<std::thread> threads;
    for (std::size_t number = 0; number < 3; ++number) {
      threads.emplace_back([&, number] {
        const std::size_t mine = number * kPage;  // each its own pages
        for (int i = 0; i < 2000; ++i) {
          memory[mine] = static_cast<unsigned char>(memory[mine + 3 * kPage] + 1);
          if (i == 100) ++touched;
        }
      });
    }
    while (touched.load() < 1) std::this_thread::yield();
    memory.take_away();
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(memory[15 * kPage], 0);
    EXPECT_TRUE(guard.lost());
  }
  stop.store(true);
  others.join();
}

TEST(BusFault, GuardsGoInAnyOrder) {
  const Fd event = make_event();
  std::vector<std::unique_ptr<Memory>> memories;
  std::vector<std::unique_ptr<BusFaultGuard>> guards;
  for (int i = 0; i < 5; ++i) {
    memories.push_back(std::make_unique<Memory>(1));
    guards.push_back(std::make_unique<BusFaultGuard>(memories.back()->begin(),
                                                     memories.back()->length(), event.get()));
  }
  for (const std::size_t gone : {2U, 0U, 4U}) guards[gone].reset();
  for (const std::size_t left : {1U, 3U}) {
    memories[left]->take_away();
    EXPECT_EQ((*memories[left])[0], 0);
    EXPECT_TRUE(guards[left]->lost());
  }
}

// Installs our handler over the one that is there.
void install() {
  const Memory memory(1);
  const Fd event = make_event();
  const BusFaultGuard guard(memory.begin(), memory.length(), event.get());
}

TEST(BusFaultDeathTest, AFaultElsewhereGoesToThePreviousHandler) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        struct sigaction previous {};
        previous.sa_sigaction = [](int, siginfo_t*, void*) { ::_exit(42); };
        previous.sa_flags = SA_SIGINFO;
        ::sigaction(SIGBUS, &previous, nullptr);
        install();
        const Memory unguarded(1);
        unguarded.take_away();
        unguarded[0] = 1;
      },
      ::testing::ExitedWithCode(42), "");
}

TEST(BusFaultDeathTest, AFaultElsewhereEndsTheProcessWhereNobodyCares) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        ::signal(SIGBUS, SIG_DFL);
        install();
        const Memory unguarded(1);
        unguarded.take_away();
        unguarded[0] = 1;
      },
      ::testing::KilledBySignal(SIGBUS), "");
}

TEST(BusFaultDeathTest, ASignalFromAnotherProcessIsNoFault) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        ::signal(SIGBUS, SIG_IGN);
        install();
        ::raise(SIGBUS);
        ::_exit(7);
      },
      ::testing::ExitedWithCode(7), "");
}

}  // namespace
}  // namespace hpvmnet::avio_lan
