#include "avio_lan/event/event_signaller.h"

#include <cstdint>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace hpvmnet::avio_lan {
namespace {

std::uint64_t count_of(const Fd& event) {
  std::uint64_t count = 0;
  return ::read(event.get(), &count, sizeof count) == sizeof count ? count : 0;
}

TEST(EventSignaller, EachSignalCounts) {
  const Fd event(::eventfd(0, EFD_NONBLOCK));
  EventSignaller signaller;
  for (int i = 0; i < 1000; ++i) signaller.signal(event.get());
  EXPECT_EQ(count_of(event), 1000U);
}

// A write() to it would never return.
TEST(EventSignaller, AFullEventfdThatBlocksDoesNotBlockIt) {
  const Fd event(::eventfd(0, 0));
  const std::uint64_t all = UINT64_MAX - 1;
  ASSERT_EQ(::write(event.get(), &all, sizeof all), 8);
  EventSignaller signaller;
  for (int i = 0; i < 1000; ++i) signaller.signal(event.get());
  EXPECT_GE(count_of(event), all);
}

TEST(EventSignaller, ManyThreadsMaySignal) {
  constexpr int kThreads = 8;
  constexpr int kEach = 2000;
  const Fd event(::eventfd(0, EFD_NONBLOCK));
  EventSignaller signaller;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < kEach; ++k) signaller.signal(event.get());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(count_of(event), std::uint64_t{kThreads} * kEach);
}

TEST(EventSignaller, WhatIsNoEventfdIsIgnored) {
  EventSignaller signaller;
  signaller.signal(-1);
  signaller.signal(STDIN_FILENO);
  const Fd event(::eventfd(0, EFD_NONBLOCK));
  signaller.signal(event.get());
  EXPECT_EQ(count_of(event), 1U);
}

}  // namespace
}  // namespace hpvmnet::avio_lan
